import { toUSVString } from 'node:util';
import type { EpochMs } from '../../core/units.js';
import type { PoolProgress, RunEvent } from '../../engine/runEvent.js';
import {
  CONNECTION_PHASES,
  type ConnectionCounts,
  hasConnections,
  openConnections,
} from '../../measure/connectionCounts.js';
import type { Histogram } from '../../measure/histogram.js';
import { loopUtilization } from '../../measure/loopWatch.js';
import { trendPercentile } from '../../measure/metrics.js';
import type { Window } from '../../measure/window.js';
import type { WindowCounts } from '../../measure/windowCounts.js';

/** The labels of a value, such as `{pool: 'shop', tag: 'home'}`. */
export type Labels = Readonly<Record<string, string>>;

/** The upper bounds of the buckets of a histogram of times, in seconds. The last bucket has none. */
export const BOUNDS_S: readonly number[] = [
  ...[0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
];

/** A distribution of times since the start of the run. */
export interface TimeBuckets {
  /** The counts of the buckets of {@link BOUNDS_S}, and of the values above. They do not add up over buckets. */
  readonly counts: readonly number[];
  readonly sumS: number;
  readonly count: number;
}

/** A metric of a run: sums and distributions since its start, and last values of gauges. */
export interface Metric {
  /** In Prometheus' style: with its unit, without `_total`. */
  readonly name: string;
  readonly help: string;
  /** By the Unified Code for Units of Measure, such as `s` and `By`. */
  readonly unit: string;
  readonly kind: 'sum' | 'gauge' | 'times';
  readonly points: readonly { readonly labels: Labels; readonly value: number | TimeBuckets }[];
}

/** Half a surrogate pair cannot be written in UTF-8, and receivers refuse a message with wrong UTF-8 as a whole. */
const wellFormed = (labels: Labels): Labels =>
  Object.fromEntries(Object.entries(labels).map(([label, text]) => [label, toUSVString(text)]));

/** A histogram that adds up windows. */
class TimeSum implements TimeBuckets {
  readonly counts: number[] = new Array<number>(BOUNDS_S.length + 1).fill(0);
  sumS = 0;
  count = 0;

  add({ buckets, sumUs, count }: Histogram): void {
    let bound = 0;
    for (let i = 0; i < buckets.length; i += 2) {
      const seconds = (buckets[i] as number) / 1e6;
      while (bound < BOUNDS_S.length && seconds > (BOUNDS_S[bound] as number)) bound++;
      this.counts[bound] = (this.counts[bound] as number) + (buckets[i + 1] as number);
    }
    this.sumS += sumUs / 1e6;
    this.count += count;
  }
}

/** The values of one metric by their labels. */
class Family {
  readonly #points = new Map<string, { readonly labels: Labels; value: number | TimeSum }>();

  constructor(private readonly about: Omit<Metric, 'points'>) {}

  add(labels: Labels, amount: number): void {
    const point = this.#at(labels, 0);
    point.value = (point.value as number) + amount;
  }

  set(labels: Labels, value: number): void {
    this.#at(labels, value).value = value;
  }

  times(labels: Labels, histogram: Histogram): void {
    (this.#at(labels, new TimeSum()).value as TimeSum).add(histogram);
  }

  get metric(): Metric {
    return { ...this.about, points: [...this.#points.values()] };
  }

  get isEmpty(): boolean {
    return this.#points.size === 0;
  }

  #at(labels: Labels, fallback: number | TimeSum) {
    const key = JSON.stringify(Object.values(labels));
    const known = this.#points.get(key);
    if (known !== undefined) return known;
    const point = { labels: wellFormed(labels), value: fallback };
    this.#points.set(key, point);
    return point;
  }
}

const sum = (name: string, help: string, unit = '1') => new Family({ name, help, unit, kind: 'sum' });
const gauge = (name: string, help: string, unit = '1') => new Family({ name, help, unit, kind: 'gauge' });
const times = (name: string, help: string) => new Family({ name, help, unit: 's', kind: 'times' });

/** Of the trends of users, whose values have any unit, so no buckets fit all of them. */
const QUANTILES = [0.5, 0.9, 0.95, 0.99] as const;

const OUTCOMES = ['ok', 'bad', 'failed', 'discarded', 'unfinished'] as const;

/**
 * The metrics of a run: a fold of its events. Sums and distributions only grow, as Prometheus and OpenTelemetry want them; a
 * reader that misses some windows misses no operation.
 *
 * The label `scope` is `tag`, `group` or `scenario`. Tags beyond the limit of a window are together under `(other tags)`, so
 * the number of values is bounded.
 */
export class RunMetrics {
  readonly #families = {
    operations: sum('elpis_operations', 'Operations that ended, were discarded or are unfinished.'),
    planned: sum('elpis_planned_operations', 'Operations that were due by the plan.'),
    started: sum('elpis_started_operations', 'Shots that were given to guns.'),
    responses: sum('elpis_responses', 'Complete responses by status.'),
    failures: sum('elpis_failures', 'Operations without a complete response or with a failed check, by reason.'),
    sent: sum('elpis_sent_bytes', 'Bytes sent.', 'By'),
    received: sum('elpis_received_bytes', 'Bytes received.', 'By'),
    response: times('elpis_response_time_seconds', 'End - intended moment, free of coordinated omission.'),
    service: times('elpis_service_time_seconds', 'End - start.'),
    slotWait: times('elpis_slot_wait_seconds', 'Time that operations waited for a free instance.'),
    lateness: times('elpis_lateness_seconds', 'Delay of operations by the generator.'),
    checks: sum('elpis_checks', 'Checks by name and result.'),
    events: sum('elpis_events', 'Counters of the guns, such as retries.'),
    opened: sum('elpis_connections_opened', 'Connections that were opened.'),
    unopened: sum('elpis_connections_failed', 'Connections that could not be opened.'),
    reused: sum('elpis_connections_reused', 'Requests on a connection that had carried another one.'),
    closed: sum('elpis_connections_closed', 'Connections that have ended, by who ended them.'),
    open: gauge('elpis_open_connections', 'Connections that are open.'),
    phases: times(
      'elpis_connection_phase_seconds',
      'Times of opening connections, and of waiting for and receiving responses.',
    ),
    metricSums: sum('elpis_user_counter', "Sums of the user's counters."),
    metricRates: sum('elpis_user_rate', "Measurements of the user's rates, by result."),
    metricGauges: gauge('elpis_user_gauge', "Last values of the user's gauges."),
    metricTrends: gauge('elpis_user_trend', "Quantiles of the user's trends, of the last window that has values."),
    metricTrendCounts: sum('elpis_user_trend_values', "Measurements of the user's trends."),
    instances: gauge('elpis_instances', 'Instances that are running.'),
    inFlight: gauge('elpis_in_flight_operations', 'Operations under way.'),
    loop: gauge('elpis_event_loop_utilization_ratio', 'The part of the time in which the event loop ran code.'),
    cpu: sum('elpis_process_cpu_seconds', 'Time of processors that the generator used.', 's'),
    memory: gauge('elpis_process_resident_memory_bytes', 'Memory of the generator.', 'By'),
    thresholds: gauge('elpis_threshold_passes', '1 while the threshold passes, 0 while it fails.'),
  };
  /** When the run started; undefined before. */
  startedAt: EpochMs | undefined;
  /** The moment of the last event. */
  at: EpochMs = 0;

  add(event: RunEvent): void {
    this.at = event.at;
    if (event.type === 'run-started') this.startedAt = event.at;
    else if (event.type === 'window') this.#window(event.pool, event.window);
    else if (event.type === 'progress' || event.type === 'pool-finished') this.#progress(event.pool, event.progress);
    else if (event.type === 'process') {
      const { userMs, systemMs, rssBytes } = event.reading;
      this.#families.cpu.add({}, (userMs + systemMs) / 1000);
      this.#families.memory.set({}, rssBytes);
    } else if (event.type === 'thresholds')
      for (const { condition, pool = '', status } of event.states)
        if (status !== 'pending') this.#families.thresholds.set({ pool, condition }, status === 'passes' ? 1 : 0);
  }

  /** All metrics that have a value. */
  get all(): readonly Metric[] {
    return Object.values(this.#families).flatMap((family) => (family.isEmpty ? [] : [family.metric]));
  }

  #progress(pool: string, { instances, inFlight }: PoolProgress): void {
    this.#families.instances.set({ pool }, instances);
    this.#families.inFlight.set({ pool }, inFlight);
  }

  #window(pool: string, window: Window): void {
    const of = this.#families;
    if (window.planned !== null) of.planned.add({ pool }, window.planned);
    if (window.started !== null) of.started.add({ pool }, window.started);
    of.slotWait.times({ pool }, window.slotWait);
    of.lateness.times({ pool }, window.lateness);
    const busy = loopUtilization(window.loop);
    if (busy !== null) of.loop.set({ pool }, busy);
    for (const [name, count] of window.counters) of.events.add({ pool, name }, count);
    this.#connections(pool, window.connections);
    for (const [tag, counts] of window.tags) this.#counts({ pool, scope: 'tag', tag }, counts);
    for (const [tag, counts] of window.groups) this.#counts({ pool, scope: 'group', tag }, counts);
    for (const [tag, counts] of window.scenarios) this.#counts({ pool, scope: 'scenario', tag }, counts);
    this.#metrics(pool, window);
  }

  #connections(pool: string, counts: ConnectionCounts): void {
    if (!hasConnections(counts)) return;
    const of = this.#families;
    const { opened, failed, reused, closedByTarget, closedByGenerator, broken, phases } = counts;
    of.opened.add({ pool }, opened);
    of.unopened.add({ pool }, failed);
    of.reused.add({ pool }, reused);
    of.closed.add({ pool, by: 'target' }, closedByTarget);
    of.closed.add({ pool, by: 'generator' }, closedByGenerator);
    of.closed.add({ pool, by: 'broken' }, broken);
    of.open.add({ pool }, openConnections(counts));
    for (const phase of CONNECTION_PHASES) {
      if (phases[phase].count > 0) of.phases.times({ pool, phase }, phases[phase]);
    }
  }

  #counts(labels: Labels, counts: WindowCounts): void {
    const of = this.#families;
    for (const outcome of OUTCOMES) if (counts[outcome] > 0) of.operations.add({ ...labels, outcome }, counts[outcome]);
    for (const { status, count } of counts.statuses) of.responses.add({ ...labels, status: String(status) }, count);
    for (const { netCode, name, count } of counts.failures)
      of.failures.add({ ...labels, reason: name, net_code: String(netCode) }, count);
    of.sent.add(labels, counts.bytesOut);
    of.received.add(labels, counts.bytesIn);
    of.response.times(labels, counts.response);
    of.service.times(labels, counts.service);
  }

  #metrics(pool: string, { metrics }: Window): void {
    const of = this.#families;
    const rate = (family: Family, name: string, passed: number, count: number): void => {
      family.add({ pool, name, result: 'true' }, passed);
      family.add({ pool, name, result: 'false' }, count - passed);
    };
    for (const [name, { passed, count }] of metrics.checks) rate(of.checks, name, passed, count);
    for (const [name, { passed, count }] of metrics.rates) rate(of.metricRates, name, passed, count);
    for (const [name, counted] of metrics.counters) of.metricSums.add({ pool, name }, counted.sum);
    for (const [name, trend] of metrics.trends) {
      of.metricTrendCounts.add({ pool, name }, trend.count);
      for (const quantile of QUANTILES)
        of.metricTrends.set({ pool, name, quantile: String(quantile) }, trendPercentile(trend, 100 * quantile));
    }
    for (const [name, { last }] of metrics.gauges) of.metricGauges.set({ pool, name }, last);
  }
}
