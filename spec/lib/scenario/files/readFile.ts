import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isLeft } from 'fp-ts/lib/Either.js';
import type { CodecIssue } from '../../../../lib/codec/issue.js';
import { issueText } from '../../../../lib/codec/report/configError.js';
import { issuesOf } from '../../../../lib/codec/report/issues.js';
import { type FileScenarios, fileScenarios } from '../../../../lib/scenario/files/fileScenarios.js';
import type { HttpScenarioFile, ScenarioFile } from '../../../../lib/scenario/files/model.js';
import { readScenarioFile } from '../../../../lib/scenario/files/readScenarioFile.js';

/** What reading a scenario file gives: the file, or texts of what is wrong. */
export interface Read {
  readonly file: ScenarioFile | undefined;
  /** `line:column path: message (hint)` of each error. */
  readonly errors: readonly string[];
  readonly codes: readonly string[];
  readonly warnings: readonly string[];
}

/** Issues as texts, without the name of the file. */
function texts(issues: readonly CodecIssue[]): readonly string[] {
  return issuesOf(issues).map((issue) => issueText(issue, '').replace(/^.*?:(\d+:\d+) {2}/, '$1 '));
}

function inFolder<T>(name: string, text: string | Uint8Array, read: (path: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'elpis-scenario-'));
  try {
    const path = join(folder, name);
    writeFileSync(path, text);
    return read(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Writes a scenario file into a folder of its own and reads it. */
export function readText(
  name: string,
  text: string | Uint8Array,
  { protocol = 'http', env = {} }: { readonly protocol?: 'http' | 'grpc'; readonly env?: Record<string, string> } = {},
): Read {
  return inFolder(name, text, (path) => readPath(path, { protocol, env }));
}

/** Reads the scenario file at a path. */
export function readPath(
  path: string,
  { protocol = 'http', env = {} }: { readonly protocol?: 'http' | 'grpc'; readonly env?: Record<string, string> } = {},
): Read {
  const readFile = (): string => 'key=of a file';
  const read = readScenarioFile(path, protocol, { env, readFile });
  if (!isLeft(read)) return { file: read.right.file, errors: [], codes: [], warnings: texts(read.right.warnings) };
  if ('issues' in read.left) {
    const { issues } = read.left;
    return { file: undefined, errors: texts(issues), codes: issues.map(({ code }) => code), warnings: [] };
  }
  const { code, expected, hint } = read.left.path;
  return { file: undefined, errors: [`${expected} (${hint})`], codes: [code], warnings: [] };
}

/** What reading a file up to scenarios that can be played gives, with the files of its sources; those are in the working directory. */
export interface ReadScenarios {
  readonly file: HttpScenarioFile | undefined;
  readonly scenarios: FileScenarios<HttpScenarioFile> | undefined;
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

/** Writes a scenario file over HTTP into a folder of its own and makes it playable. A source that is missing is an error of its own. */
export function readScenarios(name: string, text: string): ReadScenarios {
  return inFolder(name, text, (path): ReadScenarios => {
    const references = { env: {}, readFile: () => '' };
    const read = fileScenarios(path, 'http', references, {});
    if (!isLeft(read)) {
      const { file, warnings } = read.right;
      return { file, scenarios: read.right, errors: [], warnings: texts(warnings) };
    }
    const { file } = readPath(path);
    const errors = 'issues' in read.left ? texts(read.left.issues) : [read.left.path.expected];
    return { file: file?.protocol === 'http' ? file : undefined, scenarios: undefined, errors, warnings: [] };
  });
}
