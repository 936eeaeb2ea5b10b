import { existsSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { type CodecIssue, codecIssue } from '../codec/issue.js';
import type { IssueSource } from '../codec/report/document.js';
import { contextOf, type Path, pathText } from '../codec/report/path.js';
import type { FileUse } from '../plugin/traits.js';

/** A file that a config opens, and the key that names it. */
export interface UsedFile extends Pick<FileUse, 'access'> {
  /** Its path, with the values of `${...}` references. */
  readonly path: string;
  readonly at: Path;
  /** How messages call it when no key of the config names it, such as `--summary-json`. */
  readonly name?: string;
}

/** The files of the component at the path `at`. */
export function filesOf(
  { traits }: { readonly traits: { readonly files?: readonly FileUse[] } },
  at: Path,
): readonly UsedFile[] {
  return (traits.files ?? []).map(({ path, access, key }) => ({
    path,
    access,
    at: key === undefined ? at : [...at, ...key.split('.')],
  }));
}

/**
 * Each use of a file once: a component may report a file that a component inside it reports too. The inner place is more exact.
 */
function distinct(files: readonly UsedFile[]): readonly UsedFile[] {
  const within = (outer: UsedFile, inner: UsedFile): boolean =>
    outer.path === inner.path &&
    outer.access === inner.access &&
    outer.name === inner.name &&
    outer.at.every((part, i) => part === inner.at[i]);
  return files.filter(
    (file, i) =>
      !files.some(
        (other, j) =>
          j !== i &&
          within(file, other) &&
          (file.at.length < other.at.length || (file.at.length === other.at.length && j < i)),
      ),
  );
}

/**
 * The identity of a file, independent of how its path is written: symbolic links are resolved, and the file need not
 * exist yet. Undefined for devices, pipes and sockets, which several components may open.
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

/** True for two paths of one file, which need not exist. */
export function isSameFile(a: string, b: string): boolean {
  const file = identity(a);
  return file !== undefined && file === identity(b);
}

/** A place in the message about another place: its path, and its line when it has one. */
function placeText({ at, name }: UsedFile, document: IssueSource): string {
  if (name !== undefined) return name;
  const place = document.place(at, 'value');
  return place === undefined ? pathText(at) : `${pathText(at)} (line ${place.line})`;
}

/** True for a path that holds `${...}` references. */
const isSubstituted = (at: Path, { substituted }: IssueSource): boolean => substituted?.has(pathText(at)) === true;

/** A path for a message, without the value of a reference. */
const quoted = ({ path, at }: UsedFile, document: IssueSource): string =>
  isSubstituted(at, document) ? 'this file' : JSON.stringify(path);

/** Two results on one file would overwrite each other, and a result on a file of ammo would empty it before it is read. */
function sharedFiles(files: readonly UsedFile[], document: IssueSource): readonly CodecIssue[] {
  const byFile = new Map<string, UsedFile[]>();
  for (const file of files) {
    const id = identity(file.path);
    if (id !== undefined) byFile.set(id, [...(byFile.get(id) ?? []), file]);
  }
  return [...byFile.values()].flatMap((uses) => {
    if (uses.length < 2 || uses.every(({ access }) => access === 'read')) return [];
    const keyed = uses.some(({ name }) => name === undefined);
    return uses.flatMap((file): readonly CodecIssue[] => {
      // A key of the config names the place better; without one, the writer is the place.
      if (file.name !== undefined && (keyed || file.access === 'read')) return [];
      const others = uses.filter((other) => other !== file && (file.access === 'write' || other.access === 'write'));
      if (others.length === 0) return [];
      const verbs = others.map((other) => `${placeText(other, document)} ${other.access}s it`).join(', and ');
      const issue = codecIssue(
        file.path,
        contextOf(file.at, file.path),
        'same-file',
        'a file of its own',
        'give each its own file',
      );
      return [
        {
          ...issue,
          message: `${quoted(file, document)} cannot be ${file.access === 'read' ? 'read' : 'written'} ${file.name === undefined ? 'here' : `by ${file.name}`}: ${verbs}`,
        },
      ];
    });
  });
}

/** A result file in a folder that does not exist cannot be created. */
function missingFolders(files: readonly UsedFile[], document: IssueSource): readonly CodecIssue[] {
  return files.flatMap(({ path, access, at, name }) => {
    if (access === 'read' || name !== undefined || existsSync(dirname(resolve(path)))) return [];
    const context = contextOf(at, path);
    const issue = codecIssue(path, context, 'missing-file', 'a file in a folder that exists');
    // The folder is a part of the value of a reference, which may be secret.
    if (isSubstituted(at, document)) return [{ ...issue, message: 'its folder does not exist', hint: 'create it' }];
    const folder = dirname(path);
    return [
      {
        ...issue,
        message: `the folder ${JSON.stringify(folder)} does not exist`,
        hint: `create it: mkdir -p ${folder}`,
      },
    ];
  });
}

/**
 * Checks the files of a whole config: no file is written twice, none is both written and read, and every folder of a
 * written file exists. Files are compared by identity, not by path. No file is opened.
 */
export function fileIssues(used: readonly UsedFile[], document: IssueSource): readonly CodecIssue[] {
  const files = distinct(used);
  return [...sharedFiles(files, document), ...missingFolders(files, document)];
}
