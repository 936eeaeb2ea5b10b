import {
  EMPTY_METRICS,
  type RateCount,
  type TrendCount,
  trendPercentile,
  type WindowMetrics,
} from '../measure/metrics.js';
import { fitText, formatCount, formatPercent, formatTable, wrapText } from './format.js';

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

/** A row of the table: kind, name, value, and what belongs to the value. */
type Row = readonly [kind: string, name: string, value: string, more: string];

const rateRow = (kind: string, [name, rate]: readonly [string, RateCount]): Row => [
  kind,
  name,
  share(rate),
  `(${formatCount(rate.passed)} of ${formatCount(rate.count)})`,
];

/** The figures of trends, all and in a narrow table. */
const ALL_FIGURES = ['p50', 'p95', 'p99', 'max', 'mean'];
const FEW_FIGURES = ['p50', 'p99', 'max'];

function trendRow([name, trend]: readonly [string, TrendCount], figures: readonly string[]): Row {
  const { count, max, sum } = trend;
  const texts = figures.map((each) => {
    if (each === 'max') return `max ${figure(max)}`;
    return `${each} ${figure(each === 'mean' ? sum / count : trendPercentile(trend, Number(each.slice(1))))}`;
  });
  return ['trend', name, '', `${texts.join(', ')} (${formatCount(count)})`];
}

function rowsOf({ checks, counters, gauges, rates, trends }: WindowMetrics, figures: readonly string[]): Row[] {
  return [
    ...byShare(checks).map((entry) => rateRow('check', entry)),
    ...byShare(rates).map((entry) => rateRow('rate', entry)),
    ...named(counters).map(([name, { sum, count }]): Row => {
      return ['counter', name, figure(sum), `(${formatCount(count)} ${count === 1 ? 'value' : 'values'})`];
    }),
    ...named(gauges).map(([name, { last, min, max }]): Row => {
      return ['gauge', name, figure(last), `(${figure(min)} to ${figure(max)})`];
    }),
    ...named(trends).map((entry) => trendRow(entry, figures)),
  ];
}

/** A name has at least so many columns. */
const MIN_NAME_WIDTH = 20;

/** The columns that are left for names. */
function roomForNames(rows: readonly Row[], width: number): number {
  const others = formatTable(
    rows.map(([kind, , value, more]) => [kind, value, more]),
    ['left', 'right', 'left'],
  );
  return width - 2 - Math.max(0, ...others.map((line) => line.length));
}

/**
 * Checks and metrics as lines of a summary, such as `check "is let in" 98.20 % (1,964 of 2,000)`: pass rates first, the lowest at the
 * top. No lines for no metrics.
 *
 * @param width Columns of a line. Long names are cut to fit, and then trends have fewer figures; the values are never cut.
 */
export function metricLines(metrics: WindowMetrics, width: number): string[] {
  const all = rowsOf(metrics, ALL_FIGURES);
  const rows = roomForNames(all, width) >= MIN_NAME_WIDTH ? all : rowsOf(metrics, FEW_FIGURES);
  const room = Math.max(MIN_NAME_WIDTH, roomForNames(rows, width));
  const lines = formatTable(
    rows.map(([kind, name, value, more]) => [kind, fitText(JSON.stringify(name), room), value, more]),
    ['left', 'left', 'right', 'left'],
  );
  const { beyondLimit, refused } = metrics;
  const lost = [
    ...(beyondLimit > 0
      ? [`${formatCount(beyondLimit)} values of metrics had names beyond the first 100 and are not shown`]
      : []),
    ...(refused > 0
      ? [`${formatCount(refused)} metrics are not counted: a value was no finite number, or below 0 for a counter`]
      : []),
  ];
  return [...lines, ...lost.flatMap((text) => wrapText(text, width))];
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
