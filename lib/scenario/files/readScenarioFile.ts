import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js';
import { closest } from '../../codec/closest.js';
import type { CodecIssue, IssueReason } from '../../codec/issue.js';
import { inFolder } from '../../codec/paths.js';
import type { IssueSource } from '../../codec/report/document.js';
import { type Path, pathOf, pathText } from '../../codec/report/path.js';
import { foldKey, isMap } from '../../codec/struct.js';
import { type ReferenceSource, substitute } from '../../codec/text/substitute.js';
import { adviceAbout } from './advice.js';
import { type DecodedFile, scenarioFileCodec } from './fileCodec.js';
import {
  type FileScenario,
  filePartIssue,
  type GrpcCallStep,
  type HttpRequestStep,
  type ScenarioFile,
  type StepRun,
} from './model.js';
import { readRequestList } from './requestList.js';
import { readScenarioText } from './scenarioText.js';

/** A scenario file that can be used, with what is probably not meant in it. */
export interface ReadScenarioFile {
  readonly file: ScenarioFile;
  readonly warnings: readonly CodecIssue[];
}

/** Why a scenario file cannot be used: its path, or everything that is wrong in it. */
export type BadScenarioFile =
  | { readonly path: IssueReason }
  | {
      readonly issues: readonly CodecIssue[];
      /** The file as far as it could be read, when all of its keys are right. */
      readonly partly?: ScenarioFile;
    };

const OPERATORS = { eq: 'eq', '=': 'eq', lt: 'lt', '<': 'lt', gt: 'gt', '>': 'gt' } as const;

/** A path with its keys as they are written: upper and lower case, - and _ make no difference in the keys of the file. */
function asWritten(root: unknown, path: Path): Path {
  let value = root;
  return path.map((part) => {
    const keys = isMap(value) ? Object.keys(value) : [];
    const key = keys.includes(String(part))
      ? part
      : (keys.find((each) => foldKey(each) === foldKey(String(part))) ?? part);
    value = (Object(value) as Readonly<Record<string | number, unknown>>)[key];
    return key;
  });
}

/** The values without the locals, which YAML does not read: only what is used of them needs its references. */
function withoutLocals(written: unknown): unknown {
  if (!isMap(written)) return written;
  return Object.fromEntries(Object.entries(written).filter(([key]) => foldKey(key) !== 'locals'));
}

function httpSteps({ requests }: DecodedFile): readonly HttpRequestStep[] {
  return requests.map(({ preprocessor, postprocessors, templater, ...rest }, i) => {
    const path: Path = ['requests', i];
    return {
      ...rest,
      path,
      preprocessor: preprocessor?.mapping,
      templater: templater.type,
      postprocessors: postprocessors.map((each, n) => {
        const at = { path: [...path, 'postprocessors', n] };
        if (each.type !== 'assert/response') return { ...each, ...at };
        return { ...each, ...at, size: each.size && { val: each.size.val, op: OPERATORS[each.size.op] } };
      }),
    };
  });
}

function grpcSteps({ calls }: DecodedFile): readonly GrpcCallStep[] {
  return calls.map(({ preprocessors, postprocessors, ...rest }, i) => {
    const path: Path = ['calls', i];
    return {
      ...rest,
      path,
      preprocessors: preprocessors.map((each, n) => ({ ...each, path: [...path, 'preprocessors', n] })),
      postprocessors: postprocessors.map((each, n) => ({ ...each, path: [...path, 'postprocessors', n] })),
    };
  });
}

/** The last step of each name. */
function lastOfEachName<S extends { readonly name: string }>(steps: readonly S[]): readonly S[] {
  const last = new Map(steps.map((step) => [step.name, step]));
  return steps.filter((step) => last.get(step.name) === step);
}

/** What to do about a name that no step has. */
function hintFor(name: string, all: readonly string[], others: readonly string[], other: string): string {
  if (others.includes(name)) return `${name} is one of the ${other}: use the other provider, or write it anew`;
  const known = all.filter((each) => each !== '');
  const near = closest(name.trim(), known);
  if (near !== undefined)
    return near === name.trim() && near !== name ? `write it without blanks: ${near}` : `did you mean ${near}?`;
  return known.length === 0 ? `there are none in this file` : `there are ${known.slice(0, 20).join(', ')}`;
}

/** The most issues of all lists: the first ones say what is wrong, and each takes a search for the nearest name. */
const MAX_LIST_ISSUES = 100;

/** The scenarios with their lists resolved, and what is wrong with the lists. */
function resolved<S extends { readonly name: string }>(
  { scenarios }: DecodedFile,
  steps: readonly S[],
  hint: (name: string) => string,
): { readonly scenarios: readonly FileScenario<S>[]; readonly issues: readonly CodecIssue[] } {
  const byName = new Map(steps.map((step) => [step.name, step]));
  const issues: CodecIssue[] = [];
  const made = scenarios.map(({ name, requests, weight, minWaitingTime }, i): FileScenario<S> => {
    const path: Path = ['scenarios', i];
    const full = issues.length >= MAX_LIST_ISSUES;
    const list = readRequestList(requests, (each) => (byName.has(each) ? undefined : full ? '' : hint(each)));
    for (const { item, code, expected, hint: what } of list.issues)
      if (issues.length < MAX_LIST_ISSUES)
        issues.push(filePartIssue([...path, 'requests', item], requests[item], code, expected, what));
    const runs = list.runs.map(
      ({ name: step, count, sleepMs, lastSleepMs, item }): StepRun<S> => ({
        path: [...path, 'requests', item],
        step: byName.get(step) as S,
        count,
        sleepMs: Math.max(0, sleepMs),
        lastSleepMs: Math.max(0, lastSleepMs),
      }),
    );
    return { path, name, weight: weight === 0 ? 1 : weight, minWaitingTimeMs: Math.max(0, minWaitingTime), runs };
  });
  return { scenarios: made, issues };
}

/** The file of one protocol, from what was decoded. */
function fileOf(
  decoded: DecodedFile,
  protocol: ScenarioFile['protocol'],
  source: IssueSource,
  folder: string | undefined,
): {
  readonly file: ScenarioFile;
  readonly issues: readonly CodecIssue[];
  readonly all: readonly { readonly name: string }[];
} {
  const variableSources = decoded.variableSources.map((each, i) => {
    const path: Path = ['variable_sources', i];
    return each.type === 'variables' ? { ...each, path } : { ...each, path, file: inFolder(each.file, folder) };
  });
  const names = (steps: readonly { readonly name: string }[]): readonly string[] => steps.map(({ name }) => name);
  const [http, grpc] = [httpSteps(decoded), grpcSteps(decoded)];
  if (protocol === 'http') {
    const steps = lastOfEachName(http);
    const hint = (name: string): string => hintFor(name, names(steps), names(grpc), 'calls over gRPC');
    const { scenarios, issues } = resolved(decoded, steps, hint);
    return { file: { protocol, source, variableSources, steps, scenarios }, issues, all: http };
  }
  const steps = lastOfEachName(grpc);
  const hint = (name: string): string => hintFor(name, names(steps), names(http), 'requests over HTTP');
  const { scenarios, issues } = resolved(decoded, steps, hint);
  return { file: { protocol, source, variableSources, steps, scenarios }, issues, all: grpc };
}

const isError = ({ severity = 'error' }: CodecIssue): boolean => severity === 'error';

/**
 * Reads a scenario file and checks it: its text, its references, its keys, and the names in its lists of requests. Templates and
 * mappings are not read, nor the files of its variable sources.
 *
 * @param path Relative to the working directory.
 * @param protocol Which of its steps the scenarios are made of: the requests or the calls.
 * @param references For `${...}` in its texts.
 * @param folder Where relative paths of its sources begin. Default: the working directory of the process.
 */
export function readScenarioFile(
  path: string,
  protocol: ScenarioFile['protocol'],
  references: ReferenceSource,
  folder?: string,
): Either<BadScenarioFile, ReadScenarioFile> {
  const read = readScenarioText(path);
  if (isLeft(read)) return left({ path: read.left });
  const document = read.right;
  const { value, issues: unresolved, resolved: substituted } = substitute(withoutLocals(document.written), references);
  const source: IssueSource = {
    ...document,
    substituted,
    place: (way, part) => document.place(asWritten(document.written, way), part),
  };
  const inFile = (issues: readonly CodecIssue[]): readonly CodecIssue[] =>
    issues.map((issue) => ({ ...issue, file: source }));
  const before = [...document.issues, ...unresolved];
  if (document.written === undefined && document.issues.some(isError)) return left({ issues: inFile(document.issues) });
  const decoded = scenarioFileCodec.decode(value ?? {});
  if (isLeft(decoded)) {
    // What has no value is reported once, not again as a value of the wrong type.
    const known = new Set(before.map(({ context }) => pathText(pathOf(context))));
    const wrong = (decoded.left as CodecIssue[]).filter(({ context }) => !known.has(pathText(pathOf(context))));
    return left({ issues: inFile([...before.filter(isError), ...wrong]) });
  }
  const { file, issues, all } = fileOf(decoded.right, protocol, source, folder);
  const none = file.scenarios.some(({ weight }) => weight > 0)
    ? []
    : [
        filePartIssue(
          ['scenarios'],
          undefined,
          'empty-file',
          'at least one scenario',
          'add scenarios, or use another file',
        ),
      ];
  const errors = [...before, ...issues, ...none].filter(isError);
  if (errors.length > 0) return left({ issues: inFile(errors), partly: file });
  const warnings = [...before.filter((issue) => !isError(issue)), ...adviceAbout(file, all)];
  return right({ file, warnings: inFile(warnings) });
}
