import {
  EMPTY_METRICS,
  type RateCount,
  type TrendCount,
  trendPercentile,
  type WindowMetrics,
} from '../measure/metrics.js';
import { formatCount, formatPercent, formatTable } from './format.js';

/** Entries in a fixed order: by name. */
const named = <T>(counts: ReadonlyMap<string, T>): (readonly [name: string, count: T])[] =>
  [...counts].sort(([a], [b]) => (a < b ? -1 : 1));

/** Entries with the lowest share first, so that the check that failed most is at the top. */
const byShare = (rates: ReadonlyMap<string, RateCount>): (readonly [name: string, rate: RateCount])[] =>
  named(rates).sort(([, a], [, b]) => a.passed / a.count - b.passed / b.count);

/** Not rounded up to 100 %: 99.999 % is not 100 %. */
function share({ passed, count }: RateCount): string {
  const percent = formatPercent(passed, count);
  return percent === '100.00 %' && passed < count ? '>99.99 %' : percent;
}

/** A number in at most 4 significant digits; without decimals from 1000 on. */
function figure(value: number): string {
  if (Math.abs(value) >= 1e15) return value.toPrecision(4);
  if (Math.abs(value) >= 999.95) return value < 0 ? `-${formatCount(-value)}` : formatCount(value);
  return String(Number(value.toPrecision(4)));
}

const of = ({ passed, count }: RateCount): string => `(${formatCount(passed)} of ${formatCount(count)})`;
const rateRow = (kind: string, [name, rate]: readonly [string, RateCount]): string[] => [
  kind,
  JSON.stringify(name),
  share(rate),
  of(rate),
];

function trendText(trend: TrendCount): string {
  const at = (p: number): string => figure(trendPercentile(trend, p));
  const { count, max, sum } = trend;
  return `p50 ${at(50)}, p95 ${at(95)}, p99 ${at(99)}, max ${figure(max)}, mean ${figure(sum / count)} (${formatCount(count)})`;
}

/**
 * Checks and metrics as lines of a summary, such as `check "is let in" 98.20 % (1,964 of 2,000)`: pass rates first, the lowest at the
 * top. No lines for no metrics.
 */
export function metricLines({ checks, counters, gauges, rates, trends, ...lost }: WindowMetrics): string[] {
  const rows = [
    ...byShare(checks).map((entry) => rateRow('check', entry)),
    ...byShare(rates).map((entry) => rateRow('rate', entry)),
    ...named(counters).map(([name, { sum, count }]) => [
      'counter',
      JSON.stringify(name),
      figure(sum),
      `(${formatCount(count)} ${count === 1 ? 'value' : 'values'})`,
    ]),
    ...named(gauges).map(([name, { last, min, max }]) => [
      'gauge',
      JSON.stringify(name),
      figure(last),
      `(${figure(min)} to ${figure(max)})`,
    ]),
    ...named(trends).map(([name, trend]) => ['trend', JSON.stringify(name), '', trendText(trend)]),
  ];
  const lines = formatTable(rows, ['left', 'left', 'right', 'left']);
  if (lost.beyondLimit > 0)
    lines.push(`${formatCount(lost.beyondLimit)} values of metrics had names beyond the first 100 and are not shown`);
  if (lost.refused > 0)
    lines.push(
      `${formatCount(lost.refused)} metrics were not finite numbers, or were below 0 for a counter, and are not counted`,
    );
  return lines;
}

/** A check or a rate in the summary as JSON. */
export interface RateJson {
  readonly name: string;
  readonly passed: number;
  readonly count: number;
  /** `passed / count`, from 0 to 1. */
  readonly share: number;
}

/** Checks and metrics in the summary as JSON: a list for each kind that occurs, by name. */
export interface MetricsJson {
  readonly checks?: readonly RateJson[];
  readonly rates?: readonly RateJson[];
  readonly counters?: readonly { readonly name: string; readonly sum: number; readonly count: number }[];
  readonly gauges?: readonly {
    readonly name: string;
    readonly last: number;
    readonly min: number;
    readonly max: number;
    readonly count: number;
  }[];
  /** Percentiles have 3 significant digits; the other figures are exact. */
  readonly trends?: readonly {
    readonly name: string;
    readonly count: number;
    readonly mean: number;
    readonly min: number;
    readonly p50: number;
    readonly p90: number;
    readonly p95: number;
    readonly p99: number;
    readonly max: number;
  }[];
  /** Values with a name beyond the first 100. */
  readonly beyondLimit?: number;
  /** Metrics of a wrong shape, such as NaN. */
  readonly refused?: number;
}

const ratesJson = (rates: ReadonlyMap<string, RateCount>): RateJson[] =>
  named(rates).map(([name, { passed, count }]) => ({ name, passed, count, share: passed / count }));

/** Checks and metrics for JSON; undefined when there are none. */
export function metricsJson(metrics: WindowMetrics): MetricsJson | undefined {
  if (metrics === EMPTY_METRICS) return undefined;
  const trends = named(metrics.trends).map(([name, trend]) => {
    const at = (p: number): number => trendPercentile(trend, p);
    const { count, sum, min, max } = trend;
    return { name, count, mean: sum / count, min, p50: at(50), p90: at(90), p95: at(95), p99: at(99), max };
  });
  const all = {
    checks: ratesJson(metrics.checks),
    rates: ratesJson(metrics.rates),
    counters: named(metrics.counters).map(([name, { sum, count }]) => ({ name, sum, count })),
    gauges: named(metrics.gauges).map(([name, { last, min, max, count }]) => ({ name, last, min, max, count })),
    trends,
  };
  const filled = Object.entries(all).filter(([, list]) => list.length > 0);
  const lost = Object.entries({ beyondLimit: metrics.beyondLimit, refused: metrics.refused }).filter(([, n]) => n > 0);
  const json = Object.fromEntries([...filled, ...lost]) as MetricsJson;
  return Object.keys(json).length === 0 ? undefined : json;
}
