import { type Either, left } from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';
import type { IssueSource, Place } from './report/document.js';

/** Stable names of the issues of a config. */
export type IssueCode =
  | 'syntax'
  | 'required'
  | 'unknown-key'
  | 'duplicate-key'
  | 'wrong-type'
  | 'not-a-map'
  | 'not-a-list'
  | 'missing-type'
  | 'unknown-plugin-type'
  | 'negative-number'
  | 'min'
  | 'max'
  | 'min-time'
  | 'one-of'
  | 'bad-duration'
  | 'bad-size'
  | 'endpoint'
  | 'bad-url'
  | 'bad-ip'
  | 'bad-header'
  | 'bad-reference'
  | 'bad-time-zone'
  | 'bad-module'
  | 'broken-codec'
  | 'missing-file'
  | 'file-and-uris'
  | 'empty-file'
  | 'bad-json'
  | 'not-object-or-array'
  | 'bad-value'
  | 'bad-expression'
  | 'unlikely'
  | 'duplicate-id'
  | 'same-file'
  | 'open-files'
  | 'local-ports';

/** An error of a config, or a value that is probably not intended, as data. `check --json` prints it. */
export interface Issue {
  /** Stable name of the issue. */
  readonly code: IssueCode;
  /**
   * `error`: the config is refused. `warning`: it is accepted, but probably not intended or beyond the limits of the
   * machine.
   */
  readonly severity: 'error' | 'warning';
  /** The path, such as `pools[0].rps.duration`; empty for a syntax error. */
  readonly path: string;
  /** The file that it is in, when that is not the config but one that the config names, such as a scenario file. */
  readonly file?: string;
  /** The whole line, of such a file. */
  readonly lineText?: string;
  /** The option of the command line that gave the value, such as `--set pools.0.id`; there is no line then. */
  readonly option?: string;
  /** Line and column in the text, from 1; absent when there is no text. */
  readonly line?: number;
  readonly column?: number;
  /** The number of characters of the line. */
  readonly length?: number;
  /** The written value, before `${...}` was replaced; absent for maps, lists and absent values. */
  readonly value?: string | number | boolean | null;
  /** The expectation. */
  readonly expected: string;
  /** The remedy. */
  readonly hint?: string;
  /** The issue in one sentence, without its place and its hint. */
  readonly message: string;
}

/** The reason that a codec refuses a value. */
export interface IssueReason extends Pick<Issue, 'code' | 'expected'> {
  readonly hint?: string | undefined;
  /**
   * The way from the refused value to the part that is wrong: names of properties, keys of maps and indices of lists. Default: the
   * value as a whole.
   */
  readonly at?: readonly (string | number)[] | undefined;
}

/**
 * An {@link Issue} before it has a place: the io-ts validation error of a codec, with the value and its context.
 * `issuesOf` adds the path, the line and the column.
 */
export interface CodecIssue extends t.ValidationError, Omit<IssueReason, 'at'> {
  /** Default: `error`. */
  readonly severity?: Issue['severity'];
  /** The file that the way leads into, when it is not the config. */
  readonly file?: IssueSource | undefined;
  /** The place, when it is finer than that of the way. */
  readonly at?: Place | undefined;
  /** The part of a text value that is wrong: from this offset, so many characters. */
  readonly part?: { readonly offset: number; readonly length: number };
}

/** The issue of a codec with the value at the place that `context` names. */
export function codecIssue(
  value: unknown,
  context: t.Context,
  code: IssueCode,
  expected: string,
  hint?: string,
): CodecIssue {
  return { value, context, code, expected, hint, message: `expected ${expected}` };
}

/** The failed result of a codec: one issue, see {@link codecIssue}. */
export function fail(...issue: Parameters<typeof codecIssue>): Either<CodecIssue[], never> {
  return left([codecIssue(...issue)]);
}

/**
 * Reads a configuration value: it accepts anything and returns a typed value, or every issue that it found.
 *
 * @typeParam A The decoded type.
 * @typeParam W The type that code writes and that `encode` returns, such as `'30s'` for a duration.
 */
export type Codec<A, W = unknown> = t.Type<A, W, unknown>;
