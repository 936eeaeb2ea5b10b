import type { Metric } from '../core/metric.js';
import type { EpochMs } from '../core/units.js';
import {
  type CounterCount,
  EMPTY_METRICS,
  type GaugeCount,
  inOrder,
  METRIC_LIMIT,
  type RateCount,
  type TrendCount,
  type WindowMetrics,
} from './metrics.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The magnitudes that a trend distinguishes; smaller ones count as 0, larger ones as the largest. */
const MIN_TREND = 1e-6;
const MAX_TREND = 1e12;

/** A value to 3 significant digits: at most 32,401 different ones, so a trend needs a bounded amount of memory. */
function rounded(value: number): number {
  const size = Math.abs(value);
  if (size < MIN_TREND) return 0;
  return Math.sign(value) * Number(Math.min(size, MAX_TREND).toPrecision(3));
}

type Kind = Metric['kind'];

/** The largest length of a name in characters; longer names are cut, since a name may contain text from the target. */
const NAME_LENGTH = 100;

/** Records the metrics of samples and returns them as {@link WindowMetrics}. The first 100 names of all windows are counted. */
export class MetricsRecorder {
  readonly #known: Readonly<Record<Kind, Set<string>>> = {
    check: new Set(),
    counter: new Set(),
    gauge: new Set(),
    rate: new Set(),
    trend: new Set(),
  };
  #names = 0;
  #used = false;
  #checks = new Map<string, Mutable<RateCount>>();
  #counters = new Map<string, Mutable<CounterCount>>();
  #gauges = new Map<string, Mutable<GaugeCount>>();
  #rates = new Map<string, Mutable<RateCount>>();
  #trends = new Map<string, Mutable<TrendCount> & { readonly counts: Map<number, number> }>();
  #beyondLimit = 0;
  #refused = 0;

  /** @param at The end of the sample. */
  record(metrics: readonly Metric[], at: EpochMs): void {
    for (const metric of metrics) {
      this.#used = true;
      if (!this.#isSound(metric)) {
        this.#refused++;
        continue;
      }
      const name = metric.name.slice(0, NAME_LENGTH);
      if (this.#fits(metric.kind, name)) this.#add(metric, name, at);
      else this.#beyondLimit++;
    }
  }

  /** Returns the metrics as a value and sets them to zero; names stay. */
  take(): WindowMetrics {
    if (!this.#used) return EMPTY_METRICS;
    const trends = [...this.#trends].map(([name, { counts, count, sum, min, max }]): [string, TrendCount] => [
      name,
      { count, sum, min, max, values: inOrder(counts) },
    ]);
    const taken: WindowMetrics = {
      checks: this.#checks,
      counters: this.#counters,
      gauges: this.#gauges,
      rates: this.#rates,
      trends: new Map(trends),
      beyondLimit: this.#beyondLimit,
      refused: this.#refused,
    };
    this.#checks = new Map();
    this.#counters = new Map();
    this.#gauges = new Map();
    this.#rates = new Map();
    this.#trends = new Map();
    this.#beyondLimit = this.#refused = 0;
    this.#used = false;
    return taken;
  }

  /** False for an invalid measurement of a gun or a scenario, such as NaN; it is counted as refused. */
  #isSound(metric: Metric): boolean {
    const written: Partial<Record<'kind' | 'name' | 'value' | 'passed', unknown>> = Object(metric);
    const { kind, name, value, passed } = written;
    if (typeof name !== 'string' || !Object.hasOwn(this.#known, String(kind))) return false;
    if (kind === 'check' || kind === 'rate') return typeof passed === 'boolean';
    return typeof value === 'number' && Number.isFinite(value) && (kind !== 'counter' || value >= 0);
  }

  #fits(kind: Kind, name: string): boolean {
    const known = this.#known[kind];
    if (known.has(name)) return true;
    if (this.#names >= METRIC_LIMIT) return false;
    this.#names++;
    known.add(name);
    return true;
  }

  #add(metric: Metric, name: string, at: EpochMs): void {
    if (metric.kind === 'check') addRate(this.#checks, name, metric.passed);
    else if (metric.kind === 'rate') addRate(this.#rates, name, metric.passed);
    else if (metric.kind === 'counter') this.#addCounter(name, metric.value);
    else if (metric.kind === 'gauge') this.#addGauge(name, metric.value, at);
    else this.#addTrend(name, metric.value);
  }

  #addCounter(name: string, value: number): void {
    const known = this.#counters.get(name);
    if (known === undefined) this.#counters.set(name, { sum: value, count: 1 });
    else {
      known.sum += value;
      known.count++;
    }
  }

  #addGauge(name: string, value: number, at: EpochMs): void {
    const known = this.#gauges.get(name);
    if (known === undefined) {
      this.#gauges.set(name, { last: value, at, min: value, max: value, count: 1 });
      return;
    }
    if (at > known.at || (at === known.at && value > known.last)) {
      known.last = value;
      known.at = at;
    }
    known.min = Math.min(known.min, value);
    known.max = Math.max(known.max, value);
    known.count++;
  }

  #addTrend(name: string, value: number): void {
    const known = this.#trends.get(name);
    const bucket = rounded(value);
    if (known === undefined) {
      const counts = new Map([[bucket, 1]]);
      this.#trends.set(name, { count: 1, sum: value, min: value, max: value, values: NO_VALUES, counts });
      return;
    }
    known.count++;
    known.sum += value;
    known.min = Math.min(known.min, value);
    known.max = Math.max(known.max, value);
    known.counts.set(bucket, (known.counts.get(bucket) ?? 0) + 1);
  }
}

const NO_VALUES = new Float64Array();

function addRate(rates: Map<string, Mutable<RateCount>>, name: string, passed: boolean): void {
  const known = rates.get(name);
  if (known === undefined) rates.set(name, { passed: passed ? 1 : 0, count: 1 });
  else {
    if (passed) known.passed++;
    known.count++;
  }
}
