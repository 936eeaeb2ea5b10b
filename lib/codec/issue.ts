import { type Either, left } from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';

/** Stable names of what can be wrong with a config. */
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
  | 'unlikely'
  | 'duplicate-id'
  | 'same-file'
  | 'open-files'
  | 'local-ports';

/** One thing that is wrong with a config, or probably not meant, as data: what `check --json` prints. */
export interface Issue {
  /** Stable name of what is wrong. */
  readonly code: IssueCode;
  /** `error`: the config is refused. `warning`: it is accepted, but probably not meant or more than the machine has room for. */
  readonly severity: 'error' | 'warning';
  /** Where, such as `pools[0].rps.duration`; empty for a syntax error. */
  readonly path: string;
  /** Line and column in the text, from 1; absent when there is no text. */
  readonly line?: number;
  readonly column?: number;
  /** How many characters of the line are meant. */
  readonly length?: number;
  /** What was written, before `${...}` was replaced; absent for maps, lists and absent values. */
  readonly value?: string | number | boolean | null;
  /** What would have been right. */
  readonly expected: string;
  /** What the reader can do about it. */
  readonly hint?: string;
  /** The whole in one sentence, without the place and the hint. */
  readonly message: string;
}

/** Why a codec refuses a value. */
export interface IssueReason extends Pick<Issue, 'code' | 'expected'> {
  readonly hint?: string | undefined;
}

/**
 * An {@link Issue} before it has a place: the io-ts validation error of a codec, which knows the value and the way to it.
 * `issuesOf` adds the path, the line and the column.
 */
export interface CodecIssue extends t.ValidationError, IssueReason {
  /** Default: `error`. */
  readonly severity?: Issue['severity'];
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
 * @typeParam A What it decodes to.
 * @typeParam W What may be written in code, and what `encode` returns: `'30s'` for a duration.
 */
export type Codec<A, W = unknown> = t.Type<A, W, unknown>;
