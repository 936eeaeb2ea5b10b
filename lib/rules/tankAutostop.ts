import { type Either, left, right } from 'fp-ts/lib/Either.js';
import { closest } from '../codec/closest.js';
import { parseDuration } from '../codec/duration.js';
import type { Millis } from '../core/units.js';
import type { Limit, Statistic, Threshold } from './threshold.js';
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
  if (number === '') return { expected: 'a number or a percentage such as 10%' };
  return { value: { value: Number(number), unit: percent === '%' ? '%' : '' } };
}

function percentage(text: string): Read<Limit> {
  const read = level(text);
  return 'value' in read && read.value.unit !== '%' ? { expected: 'a percentage such as 10%' } : read;
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

/** Reads the next parameter; `undefined` after a fault. */
type Take = <T>(read: (text: string) => Read<T>) => T | undefined;

/** Reads the parameters of one expression; `undefined` after a fault. */
type Reader = (take: Take) => (Condition & Pick<Threshold, 'overMs' | 'inARow'>) | undefined;

/** The readers of a list of values. */
type Readers<T extends readonly unknown[]> = { readonly [K in keyof T]: (text: string) => Read<T[K]> };

/**
 * A rule of some parameters and a number of seconds. `in a row`: it must hold in each of them; `in total`: for their sum.
 */
function rule<const T extends readonly unknown[]>(
  judges: 'in a row' | 'in total',
  readers: Readers<T>,
  conditionOf: (...values: T) => Condition,
): Reader {
  return (take) => {
    const values: readonly unknown[] = readers.map((read) => take(read));
    const count = take(seconds);
    if (count === undefined || values.includes(undefined)) return undefined;
    const length = judges === 'in a row' ? { overMs: 1000, inARow: count } : { overMs: count * 1000, inARow: 1 };
    return { ...conditionOf(...(values as T)), ...length };
  };
}

/** The share or the number of operations with a code stays below a level. */
const fewer =
  (by: 'status' | 'net', not = false) =>
  (mask: string, limit: Limit): Condition => ({
    measure: { kind: 'count', counted: { by, mask, not } },
    comparator: '<',
    limit,
  });

/** A service time is at most that long. */
const atMost = (statistic: Statistic, value: Millis): Condition => ({
  measure: { kind: 'time', statistic, time: 'service' },
  comparator: '<=',
  limit: { value, unit: 'ms' },
});

const RULES: Readonly<Record<string, Reader>> = {
  time: rule('in a row', [responseTime], (ms) => atMost('avg', ms)),
  quantile: rule('in a row', [quantile, responseTime], (percentile, ms) => atMost({ percentile }, ms)),
  http: rule('in a row', [statusMask, level], fewer('status')),
  net: rule('in a row', [netMask, level], fewer('net')),
  instances: rule('in a row', [level], (limit) => ({ measure: { kind: 'busy' }, comparator: '<=', limit })),
  total_time: rule('in total', [responseTime, percentage], (thanMs, limit) => ({
    measure: { kind: 'slower', time: 'service', thanMs },
    comparator: '<',
    limit,
  })),
  total_http: rule('in total', [statusMask, level], fewer('status')),
  total_net: rule('in total', [netMask, level], fewer('net')),
  negative_http: rule('in total', [statusMask, level], fewer('status', true)),
  negative_net: rule('in total', [netMask, level], fewer('net', true)),
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
  const reader = Object.hasOwn(RULES, name) ? RULES[name] : undefined;
  const before = faults.length;
  if (reader === undefined) {
    const why = Object.hasOwn(NOT_SUPPORTED, name) ? NOT_SUPPORTED[name] : undefined;
    const near = closest(name, Object.keys(RULES));
    const expected = why === undefined ? `one of ${Object.keys(RULES).join(', ')}` : `a supported rule: ${name} is not`;
    faults.push({ at, length: name.length, expected, found: name, hint: why ?? (near && `did you mean ${near}?`) });
    return undefined;
  }
  const parameters = parametersOf(inside, at + text.indexOf('(') + 1);
  const end = at + text.length - 1;
  const take: Take = (read) => {
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
  const condition = reader(take);
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
      const hint = rest.includes('(') ? 'quote it: in a list in brackets YAML ends a text at a comma' : undefined;
      faults.push({ at, length: rest.length, expected: 'a rule such as http(5xx,10%,5s)', found: rest, hint });
      at += rest.length;
      continue;
    }
    const threshold = readExpression(found, faults);
    if (threshold !== undefined) thresholds.push(threshold);
    at = EXPRESSION.lastIndex;
  }
  return faults.length > 0 ? left(faults) : right(thresholds);
}
