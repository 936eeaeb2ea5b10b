import { posix } from 'node:path';
import ts from 'typescript';

/** A file of the product: path from the root, with `/`. */
export interface File {
  readonly path: string;
  readonly text: string;
}

/**
 * A small private file that one other file imports, and that fits into it: both are of the same room (`lib/guns`, `operators`), for
 * the layers, and together not longer than 150 lines.
 */
export interface Lonely {
  readonly path: string;
  readonly lines: number;
  readonly importer: string;
}

/** The sizes of the files of a tree, and the files that are too small. Barrels are not counted. */
export interface Grain {
  readonly files: number;
  /** Median number of lines. */
  readonly median: number;
  /** Files below 16 lines. */
  readonly crumbs: readonly string[];
  /** `crumbs` as a part of all files, 0 to 1. */
  readonly crumbShare: number;
  /** Files over 300 lines. */
  readonly over: readonly string[];
  /** Private files under 60 lines that exactly one file imports, other than lazily, and that would fit into it. */
  readonly lonely: readonly Lonely[];
}

const CRUMB = 16;
const OVER = 300;
const LONELY = 60;
/** A small file goes into its only importer while the two together have at most this many lines. */
const TOGETHER = 150;

/** The room of a file: its folder on the plan of the layers. */
const roomOf = (path: string): string =>
  path
    .split('/')
    .slice(0, path.startsWith('lib/') ? 2 : 1)
    .join('/');

const isBarrel = (path: string): boolean => posix.basename(path) === 'index.ts';

const linesOf = ({ text }: File): number => text.trimEnd().split('\n').length;

interface Import {
  readonly to: string;
  /** By `import()`: the file is loaded when it is needed, so it has to be a file. */
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

/** Counts the grain of a tree: all files of `lib` and `operators`. */
export function grainOf(tree: readonly File[]): Grain {
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
  const lonely = files.flatMap((file): Lonely[] => {
    const [importer, ...others] = importers.get(file.path) ?? [];
    const lines = linesOf(file);
    if (importer === undefined || others.length > 0 || kept.has(file.path) || lines >= LONELY) return [];
    if (roomOf(importer) !== roomOf(file.path)) return [];
    if (lines + (sizeOf.get(importer) ?? 0) > TOGETHER) return [];
    return [{ path: file.path, lines, importer }];
  });
  const crumbs = files.filter((file) => linesOf(file) < CRUMB).map(({ path }) => path);
  const middle = sizes.length >> 1;
  const median = sizes.length === 0 ? 0 : (Number(sizes[middle]) + Number(sizes[(sizes.length - 1) >> 1])) / 2;
  return {
    ...{ files: files.length, median, crumbs, crumbShare: files.length === 0 ? 0 : crumbs.length / files.length },
    over: files.filter((file) => linesOf(file) > OVER).map(({ path }) => path),
    lonely,
  };
}

/** The grain in numbers and lists, for the message of a check that fails. */
export function grainText({ files, median, crumbs, crumbShare, over, lonely }: Grain): string {
  return [
    `${files} files, median ${median} lines`,
    `${crumbs.length} files (${(100 * crumbShare).toFixed(1)} %) below ${CRUMB} lines: ${crumbs.join(' ')}`,
    `${over.length} files over ${OVER} lines: ${over.join(' ')}`,
    `${lonely.length} private files under ${LONELY} lines with one importer:`,
    ...lonely.map(({ path, lines, importer }) => `  ${path} (${lines}) belongs in ${importer}`),
  ].join('\n');
}
