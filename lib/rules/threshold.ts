import { durationText } from '../codec/duration.js';
import type { Millis } from '../core/units.js';
import type { Otherwise } from '../measure/runVerdict.js';

/** The times that a threshold can measure. `wait` is the time for which operations wait for a free instance. */
export type TimeName = 'response' | 'service' | 'lateness' | 'wait';
export const TIME_NAMES = ['response', 'service', 'lateness', 'wait'] as const satisfies readonly TimeName[];

/** The operations that a threshold can count by their outcome; `errors` are the bad, the failed and the discarded ones. */
export type OutcomeName = 'errors' | 'bad' | 'failed' | 'discarded' | 'unfinished' | 'ended' | 'ok';
export const OUTCOMES = [
  'errors',
  'bad',
  'failed',
  'discarded',
  'unfinished',
  'ended',
  'ok',
] as const satisfies readonly OutcomeName[];

/** The rates that a threshold can measure. */
export type RateName = 'started' | 'ended' | 'ok';
export const RATE_NAMES = ['started', 'ended', 'ok'] as const satisfies readonly RateName[];

/** A figure of a distribution: a percentile from 0 to 100, or the mean, the least or the greatest value. */
export type Statistic = { readonly percentile: number } | 'avg' | 'min' | 'max';

/** The operations of a count. In a mask each `x` stands for any digit. `not` counts all ended operations without it. */
export type Counted =
  | { readonly by: 'outcome'; readonly outcome: OutcomeName }
  | { readonly by: 'status' | 'net'; readonly mask: string; readonly not: boolean }
  | { readonly by: 'failure'; readonly name: string; readonly not: boolean };

/** What a threshold measures. */
export type Measure =
  | { readonly kind: 'time'; readonly statistic: Statistic; readonly time: TimeName }
  /** Operations that took longer. */
  | { readonly kind: 'slower'; readonly time: TimeName; readonly thanMs: Millis }
  | { readonly kind: 'count'; readonly counted: Counted }
  | { readonly kind: 'rate'; readonly rate: RateName }
  /** The checks with a name; `null`: all checks. */
  | { readonly kind: 'checks'; readonly name: string | null }
  /** A metric of the user: the sum of a counter, the last value of a gauge, the share of a rate, the mean of a trend. */
  | { readonly kind: 'metric'; readonly name: string }
  | { readonly kind: 'trend'; readonly name: string; readonly statistic: Statistic }
  /** Instances with a shot under way. */
  | { readonly kind: 'busy' };

/** How a value is compared with its limit. */
export type Comparator = '<' | '<=' | '>' | '>=' | '==' | '!=';
export const COMPARATORS = ['<', '<=', '>', '>=', '==', '!='] as const satisfies readonly Comparator[];

/** The limit of a threshold. `planned` is a factor of the planned rate. */
export interface Limit {
  readonly value: number;
  readonly unit: 'ms' | '%' | '/s' | '' | 'planned';
}

/** The operations that a threshold judges: those of a tag, a group or a scenario. */
export interface ThresholdScope {
  readonly kind: 'tag' | 'group' | 'scenario';
  readonly name: string;
}

/** A condition that a run must keep, and what happens otherwise. */
export interface Threshold {
  readonly measure: Measure;
  readonly comparator: Comparator;
  readonly limit: Limit;
  readonly scope?: ThresholdScope;
  /** The pool that it judges; absent for all pools together. */
  readonly pool?: string;
  /** The length of the windows that it judges; absent for the whole run. */
  readonly overMs?: Millis;
  /** After so many windows in a row that do not keep it, it is violated. */
  readonly inARow: number;
  /** The time from the start of the load that it does not judge. */
  readonly afterMs: Millis;
  readonly otherwise: Otherwise;
  /** Its text in messages, when that is not its own: an expression of Yandex.Tank. */
  readonly shown?: string;
}

/** A name in quotes, as the parser reads it. */
const quoted = (name: string): string => `"${name.replaceAll(/["\\]/g, '\\$&')}"`;

function statisticText(statistic: Statistic): string {
  return typeof statistic === 'object' ? `p${statistic.percentile}` : statistic;
}

function countedText(counted: Counted): string {
  if (counted.by === 'outcome') return counted.outcome;
  const equals = counted.not ? '!=' : '=';
  return `${counted.by}${equals}${counted.by === 'failure' ? quoted(counted.name) : counted.mask}`;
}

/** A measure as it is written in a threshold. */
export function measureText(measure: Measure): string {
  switch (measure.kind) {
    case 'time':
      return `${statisticText(measure.statistic)}(${measure.time})`;
    case 'slower':
      return `slower(${measure.time}, ${durationText(measure.thanMs)})`;
    case 'count':
      return measure.counted.by === 'outcome' && !['ended', 'ok'].includes(measure.counted.outcome)
        ? measure.counted.outcome
        : `count(${countedText(measure.counted)})`;
    case 'rate':
      return measure.rate === 'started' ? 'rate' : `rate(${measure.rate})`;
    case 'checks':
      return measure.name === null ? 'checks' : `checks(${quoted(measure.name)})`;
    case 'metric':
      return `metric(${quoted(measure.name)})`;
    case 'trend':
      return `${statisticText(measure.statistic)}(metric(${quoted(measure.name)}))`;
    case 'busy':
      return 'busy';
  }
}

function limitText({ value, unit }: Limit): string {
  if (unit === 'planned') return `${value} x planned`;
  return unit === 'ms' ? durationText(value) : `${value}${unit}`;
}

/**
 * A threshold as text, without its pool and its `otherwise`. The parser reads it as the same threshold.
 *
 * @example
 * declare const threshold: Threshold;
 * thresholdText(threshold); // 'p99(response) < 250ms of tag "login" over 10s for 3'
 */
export function thresholdText(threshold: Threshold): string {
  const { measure, comparator, limit, scope, overMs, inARow, afterMs, shown } = threshold;
  if (shown !== undefined) return shown;
  return [
    `${measureText(measure)} ${comparator} ${limitText(limit)}`,
    ...(scope === undefined ? [] : [`of ${scope.kind} ${quoted(scope.name)}`]),
    ...(overMs === undefined ? [] : [`over ${durationText(overMs)}`]),
    ...(inARow === 1 ? [] : [`for ${inARow}`]),
    ...(afterMs === 0 ? [] : [`after ${durationText(afterMs)}`]),
  ].join(' ');
}
