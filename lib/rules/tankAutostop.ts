import { type Either, left, right } from 'fp-ts/lib/Either.js';
import { closest } from '../codec/closest.js';
import { parseDuration } from '../codec/duration.js';
import type { Millis } from '../core/units.js';
import type { Counted, Limit, Measure, Threshold } from './threshold.js';
import type { ExpressionFault } from './tokens.js';

/** A parameter of an expression and its place in the text. */
interface Parameter {
  readonly text: string;
  readonly at: number;
}

/** What a parameter means, the reason that it has no such meaning. */
type Read<T> = { readonly value: T } | { readonly expected: string; readonly hint?: string };

/** A time such as `1s500ms`; a bare number has the given unit. */
const timeIn =
  (bareMs: Millis) =>
  (text: string): Read<Millis> => {
    const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * bareMs : parseDuration(text);
    return ms === undefined || ms <= 0 ? { expected: 'a time such as 100ms or 1s500ms' } : { value: ms };
  };

const responseTime = timeIn(1);

/** A number of seconds: each is a window. */
function seconds(text: string): Read<number> {
  const read = timeIn(1000)(text);
  if (!('value' in read)) return { expected: 'a number of seconds such as 20s' };
  return read.value < 1000 ? { expected: 'at least 1s' } : { value: Math.round(read.value / 1000) };
}

function level(text: string): Read<Limit> {
  const [, number = '', percent = ''] = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(text) ?? [];
  if (number === '') return { expected: 'a number or a share such as 10%' };
  return { value: { value: Number(number), unit: percent === '%' ? '%' : '' } };
}

function share(text: string): Read<Limit> {
  const read = level(text);
  return 'value' in read && read.value.unit !== '%' ? { expected: 'a share such as 10%' } : read;
}

function quantile(text: string): Read<number> {
  const value = Number(text);
  return text !== '' && value >= 0 && value <= 100 ? { value } : { expected: 'a percentile from 0 to 100' };
}

/** A mask of statuses; Yandex.Tank compares its beginning, so `5` is `5xx`. */
const statusMask = (text: string): Read<string> =>
  /^[\dx]{1,3}$/i.test(text)
    ? { value: text.toLowerCase().padEnd(3, 'x') }
    : { expected: 'a status such as 503 or 5xx' };

const netMask = (text: string): Read<string> =>
  /^[\dx]{1,5}$/i.test(text) ? { value: text.toLowerCase() } : { expected: 'a net code such as 110, or xx for any' };

const tagName = (text: string): Read<string> => (text === '' ? { expected: 'a tag' } : { value: text });

/** The condition of an expression: what it measures, and what must hold so that it does not stop the run. */
type Condition = Pick<Threshold, 'measure' | 'comparator' | 'limit'>;

/** Reads the parameters of one expression; `undefined` after a fault. */
type Reader = (
  take: <T>(read: (text: string) => Read<T>) => T | undefined,
) => Omit<Threshold, 'otherwise' | 'afterMs'> | undefined;

/** A rule that counts seconds in a row. */
const inARow =
  <T>(
    first: (text: string) => Read<T>,
    conditionOf: (first: T, take: Parameters<Reader>[0]) => Condition | undefined,
  ): Reader =>
  (take) => {
    const begin = take(first);
    const condition = begin === undefined ? undefined : conditionOf(begin, take);
    const count = take(seconds);
    return condition === undefined || count === undefined ? undefined : { ...condition, overMs: 1000, inARow: count };
  };

/** A rule over the sum of the last seconds. */
const inTotal =
  <T>(
    first: (text: string) => Read<T>,
    conditionOf: (first: T, take: Parameters<Reader>[0]) => Condition | undefined,
  ): Reader =>
  (take) => {
    const begin = take(first);
    const condition = begin === undefined ? undefined : conditionOf(begin, take);
    const count = take(seconds);
    return condition === undefined || count === undefined
      ? undefined
      : { ...condition, overMs: count * 1000, inARow: 1 };
  };

/** The share or number of operations stays below a level. */
const fewer =
  (countedOf: (mask: string) => Counted) =>
  (mask: string, take: Parameters<Reader>[0]): Condition | undefined => {
    const limit = take(level);
    const measure: Measure = { kind: 'count', counted: countedOf(mask) };
    return limit && { measure, comparator: '<', limit };
  };

const atMost = (measure: Measure, value: Millis): Condition => ({
  measure,
  comparator: '<=',
  limit: { value, unit: 'ms' },
});

const coded =
  (by: 'status' | 'net', not: boolean) =>
  (mask: string): Counted => ({ by, mask, not });

const RULES: Readonly<Record<string, Reader>> = {
  time: inARow(responseTime, (ms) => atMost({ kind: 'time', statistic: 'avg', time: 'service' }, ms)),
  quantile: inARow(quantile, (percentile, take) => {
    const ms = take(responseTime);
    return ms === undefined ? undefined : atMost({ kind: 'time', statistic: { percentile }, time: 'service' }, ms);
  }),
  http: inARow(statusMask, fewer(coded('status', false))),
  net: inARow(netMask, fewer(coded('net', false))),
  instances: inARow(level, (limit) => ({ measure: { kind: 'busy' }, comparator: '<=', limit })),
  total_time: inTotal(responseTime, (thanMs, take) => {
    const limit = take(share);
    return limit && { measure: { kind: 'slower', time: 'service', thanMs }, comparator: '<', limit };
  }),
  total_http: inTotal(statusMask, fewer(coded('status', false))),
  total_net: inTotal(netMask, fewer(coded('net', false))),
  negative_http: inTotal(statusMask, fewer(coded('status', true))),
  negative_net: inTotal(netMask, fewer(coded('net', true))),
};

const NOT_SUPPORTED: Readonly<Record<string, string>> = {
  http_trend: 'it fits a line to the counts of a status; judge them directly: http(5xx,10%,10s)',
  metric_lower: 'no metrics of other machines are collected here',
  metric_higher: 'no metrics of other machines are collected here',
  steady_cumulative: 'Yandex.Tank itself does not support it',
  limit: 'give the schedule a duration',
};

const EXPRESSION = /([A-Za-z_]\w*)\s*\(([^()]*)\)/y;

function parametersOf(inside: string, from: number): Parameter[] {
  let at = from;
  return inside.split(',').map((part) => {
    const parameter = { text: part.trim(), at: at + (part.length - part.trimStart().length) };
    at += part.length + 1;
    return parameter;
  });
}

function readExpression(whole: RegExpExecArray, faults: ExpressionFault[]): Threshold | undefined {
  const [text, name = '', inside = ''] = whole;
  const at = whole.index;
  const rule = Object.hasOwn(RULES, name) ? RULES[name] : undefined;
  const before = faults.length;
  if (rule === undefined) {
    const why = Object.hasOwn(NOT_SUPPORTED, name) ? NOT_SUPPORTED[name] : undefined;
    const near = closest(name, Object.keys(RULES));
    const expected = why === undefined ? `one of ${Object.keys(RULES).join(', ')}` : `a supported rule: ${name} is not`;
    faults.push({ at, length: name.length, expected, found: name, hint: why ?? (near && `did you mean ${near}?`) });
    return undefined;
  }
  const parameters = parametersOf(inside, at + text.indexOf('(') + 1);
  const end = at + text.length - 1;
  const take: Parameters<Reader>[0] = (read) => {
    const { text: written, at: place } = parameters.shift() ?? { text: '', at: end };
    const result = read(written);
    if ('value' in result) return result.value;
    const { expected, hint } = result;
    faults.push({
      at: place,
      length: Math.max(1, written.length),
      expected,
      found: written === '' ? ')' : written,
      hint,
    });
    return undefined;
  };
  const condition = rule(take);
  const tag = parameters.length > 0 ? take(tagName) : undefined;
  const [further] = parameters;
  if (further !== undefined)
    faults.push({ at: further.at, length: Math.max(1, further.text.length), expected: ')', found: further.text });
  if (condition === undefined || faults.length > before) return undefined;
  const scope = tag === undefined ? {} : { scope: { kind: 'tag', name: tag } as const };
  if (tag !== undefined && condition.measure.kind === 'busy') {
    faults.push({ at, length: text.length, expected: 'no tag, because instances belong to a pool', found: text });
    return undefined;
  }
  return { ...condition, ...scope, afterMs: 0, otherwise: 'stop', shown: text.replaceAll(/\s+/g, '') };
}

/**
 * Reads expressions of Yandex.Tank's autostop, separated by blanks or lines, such as `quantile(95,100ms,20s)
 * http(5xx,10%,5s)`. Each stops the run. Times are service times, as in Yandex.Tank. All faults are found at once.
 *
 * @see docs/FROM-TANK.md for the rules that are supported.
 */
export function parseAutostop(text: string): Either<readonly ExpressionFault[], readonly Threshold[]> {
  const faults: ExpressionFault[] = [];
  const thresholds: Threshold[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text[at] as string)) {
      at++;
      continue;
    }
    EXPRESSION.lastIndex = at;
    const found = EXPRESSION.exec(text);
    if (found === null) {
      const [rest = ''] = /^\S+/.exec(text.slice(at)) ?? [];
      faults.push({ at, length: rest.length, expected: 'a rule such as http(5xx,10%,5s)', found: rest });
      at += rest.length;
      continue;
    }
    const threshold = readExpression(found, faults);
    if (threshold !== undefined) thresholds.push(threshold);
    at = EXPRESSION.lastIndex;
  }
  return faults.length > 0 ? left(faults) : right(thresholds);
}
