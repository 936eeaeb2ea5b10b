import { existsSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { type CodecIssue, codecIssue } from '../codec/issue.js';
import type { IssueSource } from '../codec/report/document.js';
import { contextOf, type Path, pathText } from '../codec/report/path.js';
import type { FileUse } from '../plugin/traits.js';
import type { Config, PoolConfig } from './config.js';

/** A file that a config opens, and the key that names it. */
interface UsedFile extends Pick<FileUse, 'access'> {
  /** As written. */
  readonly written: string;
  readonly at: Path;
}

interface UsesFiles {
  readonly traits: { readonly files?: readonly FileUse[] };
}

/** The files of a component that stands at `at`. */
function filesOf({ traits }: UsesFiles, at: Path): readonly UsedFile[] {
  return (traits.files ?? []).map(({ path, access, key }) => ({
    written: path,
    access,
    at: key === undefined ? at : [...at, ...key.split('.')],
  }));
}

/** Where a result of a pool stands: alone, or in a list. */
function resultPath(written: unknown, pool: number, i: number): Path {
  const value = (written as { readonly pools?: readonly { readonly result?: unknown }[] } | null)?.pools?.[pool]
    ?.result;
  return Array.isArray(value) ? ['pools', pool, 'result', i] : ['pools', pool, 'result'];
}

function usedFiles({ pools, log, observers }: Config, { written }: IssueSource): readonly UsedFile[] {
  const ofPool = (pool: PoolConfig, p: number): readonly UsedFile[] => [
    ...filesOf(pool.ammo, ['pools', p, 'ammo']),
    ...filesOf(pool.gun, ['pools', p, 'gun']),
    ...filesOf(pool.rps, ['pools', p, 'rps']),
    ...filesOf(pool.startup, ['pools', p, 'startup']),
    ...pool.result.flatMap((result, i) => filesOf(result, resultPath(written, p, i))),
  ];
  const logged: readonly UsedFile[] =
    log.file === 'stdout' || log.file === 'stderr' ? [] : [{ written: log.file, access: 'write', at: ['log', 'file'] }];
  return [
    ...pools.flatMap(ofPool),
    ...logged,
    ...observers.flatMap((observer, i) => filesOf(observer, ['observers', i])),
  ];
}

/**
 * The one name of a file, however it is written: absolute, through no symbolic link, also when it does not exist yet. Undefined for
 * what several may open: devices, pipes and sockets.
 */
function identity(path: string): string | undefined {
  const absolute = resolve(path);
  const stat = statSync(absolute, { throwIfNoEntry: false });
  if (stat !== undefined) return stat.isFile() ? `${stat.dev}:${stat.ino}` : undefined;
  try {
    return join(realpathSync(dirname(absolute)), basename(absolute));
  } catch {
    return absolute;
  }
}

/** Where a place is, for the message about another: its path, and its line when it has one. */
function placeText(at: Path, document: IssueSource): string {
  const place = document.place(at, 'value');
  return place === undefined ? pathText(at) : `${pathText(at)} (line ${place.line})`;
}

/** Two results on one file would overwrite each other, and a result on a file of ammo would empty it before it is read. */
function sharedFiles(files: readonly UsedFile[], document: IssueSource): readonly CodecIssue[] {
  const byFile = new Map<string, UsedFile[]>();
  for (const file of files) {
    const id = identity(file.written);
    if (id !== undefined) byFile.set(id, [...(byFile.get(id) ?? []), file]);
  }
  return [...byFile.values()].flatMap((uses) => {
    if (uses.length < 2 || uses.every(({ access }) => access === 'read')) return [];
    return uses.flatMap((file): readonly CodecIssue[] => {
      const others = uses.filter((other) => other !== file && (file.access === 'write' || other.access === 'write'));
      if (others.length === 0) return [];
      const verbs = others.map((other) => `${placeText(other.at, document)} ${other.access}s it`).join(', and ');
      const issue = codecIssue(
        file.written,
        contextOf(file.at, file.written),
        'same-file',
        'a file of its own',
        'give each its own file',
      );
      return [
        {
          ...issue,
          message: `${JSON.stringify(file.written)} cannot be ${file.access === 'read' ? 'read' : 'written'} here: ${verbs}`,
        },
      ];
    });
  });
}

/** A result file in a folder that does not exist cannot be created. */
function missingFolders(files: readonly UsedFile[]): readonly CodecIssue[] {
  return files.flatMap(({ written, access, at }) => {
    const folder = dirname(resolve(written));
    if (access === 'read' || existsSync(folder)) return [];
    const shown = dirname(written);
    const issue = codecIssue(
      written,
      contextOf(at, written),
      'missing-file',
      'a file in a folder that exists',
      `create it: mkdir -p ${shown}`,
    );
    return [{ ...issue, message: `the folder ${JSON.stringify(shown)} does not exist` }];
  });
}

/**
 * The rules about the files of a whole config: no file is written twice, none is both written and read, and every folder that is
 * written to exists. Files are compared by what they are, not by how their paths are written. Nothing is opened.
 */
export function fileIssues(config: Config, document: IssueSource): readonly CodecIssue[] {
  const files = usedFiles(config, document);
  return [...sharedFiles(files, document), ...missingFolders(files)];
}
