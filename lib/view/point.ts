import type { EpochMs, Millis, PerSecond } from '../core/units.js';
import { type Histogram, valueAtPercentile } from '../measure/histogram.js';
import { loopUtilization } from '../measure/loopWatch.js';
import { plannedCounts } from '../measure/summary.js';
import type { Window } from '../measure/window.js';

/** The percentiles of a {@link Spread}, by its keys. */
export const PERCENTILES = { p50: 50, p75: 75, p90: 90, p95: 95, p99: 99, p999: 99.9 } as const;

/** A distribution of times in figures, in milliseconds. `null` in its place means that nothing was counted. */
export interface Spread {
  readonly min: Millis;
  readonly mean: Millis;
  readonly p50: Millis;
  readonly p75: Millis;
  readonly p90: Millis;
  readonly p95: Millis;
  readonly p99: Millis;
  readonly p999: Millis;
  readonly max: Millis;
}

/** The figures of a histogram; `null` when it is empty. */
export function spreadOf(histogram: Histogram): Spread | null {
  const { count, minUs, sumUs, maxUs } = histogram;
  if (count === 0) return null;
  const at = (p: number): Millis => valueAtPercentile(histogram, p);
  const { p50, p75, p90, p95, p99, p999 } = PERCENTILES;
  return {
    ...{ min: minUs / 1000, mean: sumUs / count / 1000, max: maxUs / 1000 },
    ...{ p50: at(p50), p75: at(p75), p90: at(p90), p95: at(p95), p99: at(p99), p999: at(p999) },
  };
}

/** The figures of a span of time: one point of every chart. */
export interface Point {
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** Planned, started and ended operations; of scenarios, if there are any, because the plan counts those. `null`: unknown. */
  readonly plannedPerSecond: PerSecond | null;
  readonly startedPerSecond: PerSecond | null;
  readonly endedPerSecond: PerSecond | null;
  /** All requests, by how they ended. */
  readonly okPerSecond: PerSecond | null;
  readonly badPerSecond: PerSecond | null;
  readonly failedPerSecond: PerSecond | null;
  readonly discardedPerSecond: PerSecond | null;
  /** Bytes per second. */
  readonly inPerSecond: PerSecond | null;
  readonly outPerSecond: PerSecond | null;
  readonly response: Spread | null;
  readonly service: Spread | null;
  readonly slotWait: Spread | null;
  readonly lateness: Spread | null;
  readonly loopDelay: Spread | null;
  /** The part of the time in which the event loop ran code, from 0 to 1; `null`: not measured. */
  readonly loopUtilization: number | null;
}

/** The figures of a window. Rates are `null` for a window without length. */
export function pointOf(window: Window): Point {
  const { from, to, planned, started, total, loop } = window;
  const lengthMs = to - from;
  const rate = (count: number | null): PerSecond | null =>
    count === null || lengthMs <= 0 ? null : (count * 1000) / lengthMs;
  return {
    from,
    to,
    plannedPerSecond: rate(planned),
    startedPerSecond: rate(started),
    endedPerSecond: rate(plannedCounts(window).ended),
    okPerSecond: rate(total.ok),
    badPerSecond: rate(total.bad),
    failedPerSecond: rate(total.failed),
    discardedPerSecond: rate(total.discarded),
    inPerSecond: rate(total.bytesIn),
    outPerSecond: rate(total.bytesOut),
    response: spreadOf(total.response),
    service: spreadOf(total.service),
    slotWait: spreadOf(window.slotWait),
    lateness: spreadOf(window.lateness),
    loopDelay: spreadOf(loop.delay),
    loopUtilization: loopUtilization(loop),
  };
}
