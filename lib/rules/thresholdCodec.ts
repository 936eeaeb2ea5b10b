import { type Either, isLeft, left, map, right } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { atLeast, atMost, checked } from '../codec/bounds.js';
import { listOf } from '../codec/collections.js';
import { atLeastMs } from '../codec/duration.js';
import { type Codec, type CodecIssue, codecIssue } from '../codec/issue.js';
import { integer, nonEmpty, oneOf } from '../codec/scalars.js';
import { withSchema } from '../codec/schema.js';
import { isMap, optional, required, type StructOf, struct } from '../codec/struct.js';
import { type Clauses, MAX_IN_A_ROW, MAX_OVER_MS, MIN_OVER_MS } from './clauses.js';
import { parseThreshold } from './parseThreshold.js';
import { parseAutostop } from './tankAutostop.js';
import { type Threshold, thresholdText } from './threshold.js';
import type { ExpressionFault } from './tokens.js';

const MAP = struct('a threshold', {
  condition: required(nonEmpty, 'what the run must keep, such as p99(response) < 250ms'),
  tag: optional(nonEmpty, null, 'judges only operations of this tag'),
  group: optional(nonEmpty, null, 'judges only groups of scenarios with this tag'),
  scenario: optional(nonEmpty, null, 'judges only scenarios of this name'),
  pool: optional(nonEmpty, null, 'judges only this pool; by default all together'),
  over: optional(
    checked(atLeastMs(MIN_OVER_MS), (ms) => ms <= MAX_OVER_MS, 'a duration from 1s to 1h', 'max'),
    null,
    'judges windows of this length, after each second; by default the whole run at its end',
  ),
  for: optional(
    atMost(atLeast(integer, 1), MAX_IN_A_ROW),
    null,
    'the number of windows in a row after which it is violated',
  ),
  after: optional(atLeastMs(0), null, 'the time from the start of the load that is not judged'),
  otherwise: optional(
    oneOf(['fail', 'stop', 'warn']),
    null,
    'fail: the run fails; stop: it also stops; warn: it is only reported',
  ),
});

type DecodedMap = StructOf<typeof MAP.fields>;

/** A threshold as a map: its condition, and the clauses that its text can have too. */
export interface ThresholdMap {
  /** What the run must keep, such as `p99(response) < 250ms`. */
  readonly condition: string;
  /** Judges only operations of this tag; one of `tag`, `group` and `scenario`. */
  readonly tag?: string;
  readonly group?: string;
  readonly scenario?: string;
  /** Judges only this pool. Default: all together. */
  readonly pool?: string;
  /** Judges windows of this length, such as `10s`. Default: the whole run. */
  readonly over?: string;
  /** The number of windows in a row after which it is violated. Default 1. */
  readonly for?: number;
  /** The time from the start of the load that is not judged. Default `0s`. */
  readonly after?: string;
  /** Default `fail`. */
  readonly otherwise?: 'fail' | 'stop' | 'warn';
}

/** A threshold as it is written: a text, or a map with the same parts. */
export type WrittenThreshold = string | ThresholdMap;

/** The whole text of a threshold, with its pool and what happens otherwise. */
function wholeText(threshold: Threshold): string {
  const { pool, otherwise } = threshold;
  return `${thresholdText(threshold)}${pool === undefined ? '' : ` of pool ${JSON.stringify(pool)}`}${otherwise === 'fail' ? '' : ` otherwise ${otherwise}`}`;
}

/** Faults of a text as issues at their places in it. */
function issuesIn(text: string, faults: readonly ExpressionFault[], context: t.Context): CodecIssue[] {
  return faults.map(({ at, length, expected, hint }) => ({
    ...codecIssue(text, context, 'bad-expression', expected, hint),
    part: { offset: at, length: Math.max(1, length) },
  }));
}

function clausesOf({ tag, group, scenario, pool, over, for: inARow, after, otherwise }: DecodedMap): Clauses {
  const scope = Object.entries({ tag, group, scenario }).find(([, name]) => name !== null) as
    | readonly ['tag' | 'group' | 'scenario', string]
    | undefined;
  return {
    ...(scope === undefined ? {} : { scope: { kind: scope[0], name: scope[1] } }),
    ...(pool === null ? {} : { pool }),
    ...(over === null ? {} : { overMs: over }),
    ...(inARow === null ? {} : { inARow }),
    ...(after === null ? {} : { afterMs: after }),
    ...(otherwise === null ? {} : { otherwise }),
  };
}

/** Two of tag, group and scenario exclude each other. */
function scopesOf(raw: DecodedMap, written: unknown, context: t.Context): CodecIssue[] {
  const scopes = (['tag', 'group', 'scenario'] as const).filter((key) => raw[key] !== null);
  if (scopes.length < 2) return [];
  return [codecIssue(written, context, 'bad-value', `one of ${scopes.join(' and ')}, not both`)];
}

function parsed(text: string, beside: Clauses, context: t.Context): Either<t.Errors, Threshold> {
  const threshold = parseThreshold(text, beside);
  return isLeft(threshold) ? left(issuesIn(text, threshold.left, context)) : right(threshold.right);
}

function readMap(raw: unknown, context: t.Context): Either<t.Errors, Threshold> {
  const decoded = MAP.validate(raw, context);
  if (isLeft(decoded)) return decoded;
  const scopes = scopesOf(decoded.right, raw, context);
  if (scopes.length > 0) return left(scopes);
  const { condition } = decoded.right;
  return parsed(condition, clausesOf(decoded.right), t.appendContext(context, 'condition', nonEmpty, condition));
}

/** One threshold: a text such as `p99(response) < 250ms`, or a map with the key `condition`. */
export const thresholdCodec: Codec<Threshold, WrittenThreshold> & { readonly fields: typeof MAP.fields } = (() => {
  const validate: t.Validate<unknown, Threshold> = (raw, context) => {
    if (isMap(raw)) return readMap(raw, context);
    const text = nonEmpty.validate(raw, context);
    return isLeft(text) ? text : parsed(text.right, {}, context);
  };
  const name = 'a threshold such as p99(response) < 250ms';
  const is = (raw: unknown): raw is Threshold => !isLeft(validate(raw, []));
  const type = new t.Type<Threshold, WrittenThreshold, unknown>(name, is, validate, wholeText);
  return Object.assign(
    withSchema(type, (schemaOf) => ({ anyOf: [schemaOf(nonEmpty), schemaOf(MAP)] })),
    { fields: MAP.fields },
  );
})();

/** The key `autostop`: expressions of Yandex.Tank, as one text or a list of texts. */
export const autostopCodec: Codec<readonly Threshold[], string | readonly string[]> = (() => {
  const several = listOf(nonEmpty);
  const one = (text: string, context: t.Context): Either<t.Errors, readonly Threshold[]> => {
    const rules = parseAutostop(text);
    return isLeft(rules) ? left(issuesIn(text, rules.left, context)) : rules;
  };
  const validate: t.Validate<unknown, readonly Threshold[]> = (raw, context) => {
    if (!Array.isArray(raw)) {
      const text = nonEmpty.validate(raw, context);
      return isLeft(text) ? text : one(text.right, context);
    }
    const texts = several.validate(raw, context);
    if (isLeft(texts)) return texts;
    const read = texts.right.map((text, i) => one(text, t.appendContext(context, String(i), nonEmpty, text)));
    const issues = read.flatMap((result) => (isLeft(result) ? result.left : []));
    return issues.length > 0 ? left(issues) : right(read.flatMap((result) => (isLeft(result) ? [] : result.right)));
  };
  const name = 'rules of Yandex.Tank such as quantile(95,100ms,20s)';
  const is = (raw: unknown): raw is readonly Threshold[] => !isLeft(validate(raw, []));
  const encode = (thresholds: readonly Threshold[]): readonly string[] => thresholds.map(thresholdText);
  return withSchema(new t.Type(name, is, validate, encode), (schemaOf) => ({
    anyOf: [schemaOf(nonEmpty), schemaOf(several)],
  }));
})();

/** A list of thresholds; a single one needs no list. */
export const thresholdsCodec: Codec<readonly Threshold[], WrittenThreshold | readonly WrittenThreshold[]> = (() => {
  const several = listOf(thresholdCodec, 'a list of thresholds');
  const validate: t.Validate<unknown, readonly Threshold[]> = (raw, context) =>
    Array.isArray(raw)
      ? several.validate(raw, context)
      : map((one: Threshold): readonly Threshold[] => [one])(thresholdCodec.validate(raw, context));
  const is = (raw: unknown): raw is readonly Threshold[] => !isLeft(validate(raw, []));
  return withSchema(new t.Type(several.name, is, validate, several.encode), (schemaOf) => ({
    anyOf: [schemaOf(several), schemaOf(thresholdCodec)],
  }));
})();
