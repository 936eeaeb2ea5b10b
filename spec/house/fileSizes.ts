import { posix } from 'node:path';
import ts from 'typescript';

/** A file of the product: path from the root, with `/`. */
export interface File {
  readonly path: string;
  readonly text: string;
}

/**
 * A small private file that only one other file imports and that fits into that file: both are in the same folder of the layers
 * (`lib/guns`, `operators`), and together they have at most 150 lines.
 */
export interface SingleUse {
  readonly path: string;
  readonly lines: number;
  readonly importer: string;
}

/** The sizes of the files of a tree, and the files that are too small. Barrels are not counted. */
export interface FileSizes {
  readonly files: number;
  /** Median number of lines. */
  readonly median: number;
  /** Files below 16 lines. */
  readonly tiny: readonly string[];
  /** The part of all files that is `tiny`, 0 to 1. */
  readonly tinyShare: number;
  /** Files over 300 lines. */
  readonly over: readonly string[];
  /** Private files under 60 lines that exactly one file imports, other than lazily, and that would fit into it. */
  readonly singleUse: readonly SingleUse[];
}

const TINY = 16;
const OVER = 300;
const SINGLE_USE = 60;
/** A small file belongs in its only importer if the two together have at most this many lines. */
const TOGETHER = 150;

/** The folder of a file in the plan of the layers. */
const layerFolderOf = (path: string): string =>
  path
    .split('/')
    .slice(0, path.startsWith('lib/') ? 2 : 1)
    .join('/');

const isBarrel = (path: string): boolean => posix.basename(path) === 'index.ts';

const linesOf = ({ text }: File): number => text.trimEnd().split('\n').length;

interface Import {
  readonly to: string;
  /** By `import()`: the file is loaded when it is needed, so it must stay a file. */
  readonly lazy: boolean;
}

function importsOf({ path, text }: File): Import[] {
  const { importedFiles } = ts.preProcessFile(text, true, true);
  return importedFiles
    .filter(({ fileName }) => fileName.startsWith('.'))
    .map(({ fileName, pos }) => ({
      to: posix.join(posix.dirname(path), fileName).replace(/\.js$/, '.ts'),
      lazy: /import\(\s*['"]?$/.test(text.slice(Math.max(0, pos - 12), pos + 1).trimEnd()),
    }));
}

/** Counts the sizes of the files of a tree: all files of `lib` and `operators`. */
export function fileSizesOf(tree: readonly File[]): FileSizes {
  const files = tree.filter(({ path }) => !isBarrel(path));
  const sizes = files.map(linesOf).sort((a, b) => a - b);
  const importers = new Map<string, Set<string>>();
  const kept = new Set<string>();
  for (const file of tree)
    for (const { to, lazy } of importsOf(file)) {
      if (lazy || isBarrel(file.path)) kept.add(to);
      importers.set(to, (importers.get(to) ?? new Set()).add(file.path));
    }
  const sizeOf = new Map(files.map((file) => [file.path, linesOf(file)]));
  const singleUse = files.flatMap((file): SingleUse[] => {
    const [importer, ...others] = importers.get(file.path) ?? [];
    const lines = linesOf(file);
    if (importer === undefined || others.length > 0 || kept.has(file.path) || lines >= SINGLE_USE) return [];
    if (layerFolderOf(importer) !== layerFolderOf(file.path)) return [];
    if (lines + (sizeOf.get(importer) ?? 0) > TOGETHER) return [];
    return [{ path: file.path, lines, importer }];
  });
  const tiny = files.filter((file) => linesOf(file) < TINY).map(({ path }) => path);
  const middle = sizes.length >> 1;
  const median = sizes.length === 0 ? 0 : (Number(sizes[middle]) + Number(sizes[(sizes.length - 1) >> 1])) / 2;
  return {
    ...{ files: files.length, median, tiny, tinyShare: files.length === 0 ? 0 : tiny.length / files.length },
    over: files.filter((file) => linesOf(file) > OVER).map(({ path }) => path),
    singleUse,
  };
}

/** The sizes as numbers and lists, for the message of a check that fails. */
export function fileSizesText({ files, median, tiny, tinyShare, over, singleUse }: FileSizes): string {
  return [
    `${files} files, median ${median} lines`,
    `${tiny.length} files (${(100 * tinyShare).toFixed(1)} %) below ${TINY} lines: ${tiny.join(' ')}`,
    `${over.length} files over ${OVER} lines: ${over.join(' ')}`,
    `${singleUse.length} private files under ${SINGLE_USE} lines with one importer:`,
    ...singleUse.map(({ path, lines, importer }) => `  ${path} (${lines}) belongs in ${importer}`),
  ].join('\n');
}
