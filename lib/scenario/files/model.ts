import type { CodecIssue, IssueCode } from '../../codec/issue.js';
import { codecIssue } from '../../codec/issue.js';
import type { IssueSource } from '../../codec/report/document.js';
import { contextOf, type Path } from '../../codec/report/path.js';
import type { Millis } from '../../core/units.js';

/** A part of a scenario file, with the way to it: `file.source.place(path, 'value')` is its line and column. */
export interface FilePart {
  /** Such as `['requests', 0]`. The way to a value in it has its key added: `[...path, 'headers', 'X-Id']`. */
  readonly path: Path;
}

/** Texts by name: headers, mappings, metadata. Keys are as written, in the order of the file. */
export type Texts = Readonly<Record<string, string>>;

/** Rows of a CSV file. Its value is a list of maps of texts. */
export interface CsvSource extends FilePart {
  readonly type: 'file/csv';
  readonly name: string;
  /** Relative to the working directory. */
  readonly file: string;
  /** Names of the columns; empty: the first row has them. */
  readonly fields: readonly string[];
  /** The first row is no data. */
  readonly ignoreFirstLine: boolean;
  /** Empty: a comma. Only its first byte counts. */
  readonly delimiter: string;
}

/** The first JSON value of a file. */
export interface JsonSource extends FilePart {
  readonly type: 'file/json';
  readonly name: string;
  /** Relative to the working directory. */
  readonly file: string;
}

/** Values that are written in the file; texts that are calls of functions are replaced once, at the start. */
export interface VariablesSource extends FilePart {
  readonly type: 'variables';
  readonly name: string;
  /** Texts, numbers, booleans, null, lists and maps. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Where the data of a scenario comes from; templates see it as `source.NAME`. */
export type VariableSource = CsvSource | JsonSource | VariablesSource;

/** Variables of a response: `var/jsonpath`, `var/xpath` and `var/header`. The values of `mapping` are expressions. */
export interface ExtractingPostprocessor extends FilePart {
  readonly type: 'var/jsonpath' | 'var/xpath' | 'var/header';
  readonly mapping: Texts;
}

/** How the size of a body is compared, both bounds included. */
export type SizeOperator = 'eq' | 'lt' | 'gt';

/** Conditions on an HTTP response that must all be fulfilled. */
export interface HttpAssertion extends FilePart {
  readonly type: 'assert/response';
  /** Each is a part of the body. */
  readonly body: readonly string[];
  /** Each value is a part of the first header of that name. */
  readonly headers: Texts;
  /** 0: any. */
  readonly statusCode: number;
  readonly size: { readonly val: number; readonly op: SizeOperator } | undefined;
}

export type HttpPostprocessor = ExtractingPostprocessor | HttpAssertion;

/** Conditions on a gRPC response that must all be fulfilled. */
export interface GrpcAssertion extends FilePart {
  readonly type: 'assert/response';
  /** Each is a part of the response in protobuf's text form. */
  readonly payload: readonly string[];
  /** The mapped code; 0: any. */
  readonly statusCode: number;
}

/** The engine of the templates of a request: `html` escapes what is inserted. */
export type Templater = 'text' | 'html';

/** A step over HTTP. */
export interface HttpRequestStep extends FilePart {
  readonly name: string;
  /** Empty: GET. No template. */
  readonly method: string;
  /** A template. */
  readonly uri: string;
  /** The values are templates. */
  readonly headers: Texts;
  /** A template; undefined: no body. */
  readonly body: string | undefined;
  /** Without effect over HTTP, as in Pandora. */
  readonly tag: string;
  /** The mapping of the preprocessor, whose path is `[...path, 'preprocessor', 'mapping']`; undefined: there is none. */
  readonly preprocessor: Texts | undefined;
  readonly postprocessors: readonly HttpPostprocessor[];
  readonly templater: Templater;
}

/** The mapping of one preprocessor of a call; its path leads to the preprocessor. */
export interface Preparation extends FilePart {
  readonly type: 'prepare';
  readonly mapping: Texts;
}

/** A step over gRPC. */
export interface GrpcCallStep extends FilePart {
  readonly name: string;
  /** `package.Service.Method`. */
  readonly call: string;
  /** A template of JSON. */
  readonly payload: string;
  /** The values are templates. */
  readonly metadata: Texts;
  /** The sample has the tag `scenario.tag`. */
  readonly tag: string;
  /** In order; the value of an earlier one stays when a later one has the same key. */
  readonly preprocessors: readonly Preparation[];
  readonly postprocessors: readonly GrpcAssertion[];
}

/**
 * A run of equal steps in a scenario: `req(3, 100)` and the `sleep(...)` behind it. It is kept as a count, never as copies:
 * a file may say `req(1000000000)`.
 *
 * ```text
 * req(3, 100), sleep(50)      req ~100~ req ~100~ req ~150~
 * ```
 */
export interface StepRun<S> extends FilePart {
  /** The request or call that is meant, the last one of that name. */
  readonly step: S;
  /** At least 1. */
  readonly count: number;
  /** The pause after each copy but the last. */
  readonly sleepMs: Millis;
  /** The pause after the last copy, with the sleeps that follow it in the list. */
  readonly lastSleepMs: Millis;
}

/** A scenario: its steps in order. */
export interface FileScenario<S> extends FilePart {
  readonly name: string;
  /** At least 1, except in files with negative weights; see `rotation`. */
  readonly weight: number;
  /** A scenario that ends sooner waits until so long after its start. */
  readonly minWaitingTimeMs: Millis;
  readonly runs: readonly StepRun<S>[];
}

interface AnyScenarioFile<P extends 'http' | 'grpc', S> {
  readonly protocol: P;
  /** The text with its name and the place of every value, for messages. */
  readonly source: IssueSource;
  readonly variableSources: readonly VariableSource[];
  /** `requests` of a file over HTTP, `calls` of one over gRPC; the last one of a name, in the order of the file. */
  readonly steps: readonly S[];
  /** In the order of the file. Two may have the same name. */
  readonly scenarios: readonly FileScenario<S>[];
}

/** A scenario file whose steps go over HTTP, read and checked. */
export type HttpScenarioFile = AnyScenarioFile<'http', HttpRequestStep>;

/** A scenario file whose steps go over gRPC, read and checked. */
export type GrpcScenarioFile = AnyScenarioFile<'grpc', GrpcCallStep>;

/**
 * A scenario file of Pandora, read from HCL, YAML or JSON and checked: `${...}` references are replaced, every name in a list of
 * requests is resolved, defaults are filled in. Templates, mappings and expressions are text still, and the files of its sources
 * are not read.
 */
export type ScenarioFile = HttpScenarioFile | GrpcScenarioFile;

/** The scenario file of one protocol. */
export type ScenarioFileOf<P extends ScenarioFile['protocol']> = Extract<ScenarioFile, { readonly protocol: P }>;

/** An issue of a value of a scenario file, at its place. `hint` says what to do. */
export function filePartIssue(
  path: Path,
  value: unknown,
  code: IssueCode,
  expected: string,
  hint?: string,
): CodecIssue {
  return codecIssue(value, contextOf(path, value), code, expected, hint);
}
