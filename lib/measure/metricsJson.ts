import { type CounterCount, EMPTY_METRICS, type GaugeCount, type RateCount, type WindowMetrics } from './metrics.js';

/** A trend as JSON: its values and counts as a list. */
export interface TrendCountJson {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  readonly values: readonly number[];
}

/** {@link WindowMetrics} as JSON: the same names, without empty values and zeros. */
export interface WindowMetricsJson {
  readonly checks?: Readonly<Record<string, RateCount>>;
  readonly counters?: Readonly<Record<string, CounterCount>>;
  readonly gauges?: Readonly<Record<string, GaugeCount>>;
  readonly rates?: Readonly<Record<string, RateCount>>;
  readonly trends?: Readonly<Record<string, TrendCountJson>>;
  readonly beyondLimit?: number;
  readonly refused?: number;
}

/** Metrics as plain data; `undefined` when there are none. */
export function metricsToJson(metrics: WindowMetrics): WindowMetricsJson | undefined {
  const { beyondLimit, refused, trends, ...maps } = metrics;
  const lists = new Map([...trends].map(([name, trend]) => [name, { ...trend, values: Array.from(trend.values) }]));
  const filled = Object.entries({ ...maps, trends: lists })
    .filter(([, map]) => map.size > 0)
    .map(([kind, map]) => [kind, Object.fromEntries<unknown>(map)]);
  const numbers = Object.entries({ beyondLimit, refused }).filter(([, count]) => count > 0);
  const json = Object.fromEntries([...filled, ...numbers]) as WindowMetricsJson;
  return Object.keys(json).length === 0 ? undefined : json;
}

const mapOf = <T>(record: Readonly<Record<string, T>> = {}): ReadonlyMap<string, T> => new Map(Object.entries(record));

/** The metrics that {@link metricsToJson} has written. */
export function metricsFromJson(json: WindowMetricsJson | undefined): WindowMetrics {
  if (json === undefined) return EMPTY_METRICS;
  const trends = Object.entries(json.trends ?? {}).map(
    ([name, trend]) => [name, { ...trend, values: Float64Array.from(trend.values) }] as const,
  );
  return {
    checks: mapOf(json.checks),
    counters: mapOf(json.counters),
    gauges: mapOf(json.gauges),
    rates: mapOf(json.rates),
    trends: new Map(trends),
    beyondLimit: json.beyondLimit ?? 0,
    refused: json.refused ?? 0,
  };
}
