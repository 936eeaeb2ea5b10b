import { checkArgument } from '../core/argument.js';
import { defined } from '../core/defined.js';
import type { EpochMs } from '../core/units.js';
import { type ConnectionCountsJson, connectionsFromJson, connectionsToJson } from './connectionJson.js';
import { type HistogramJson, histogramFromJson, histogramToJson } from './histogramJson.js';
import { EMPTY_LOOP, type LoopReading } from './loopWatch.js';
import { metricsFromJson, metricsToJson, type WindowMetricsJson } from './metricsJson.js';
import { A_WINDOW, type Window } from './window.js';
import type { FailureCount, StatusCount, WindowCounts } from './windowCounts.js';

/**
 * {@link WindowCounts} as JSON: the same names and units, without sums and without values that are 0, empty or `null`.
 */
export interface WindowCountsJson {
  readonly ok?: number;
  readonly bad?: number;
  readonly failed?: number;
  readonly discarded?: number;
  readonly discardedLate?: number;
  readonly unfinished?: number;
  readonly underWay?: number;
  readonly oldestUnfinishedMs?: number;
  readonly bytesOut?: number;
  readonly bytesIn?: number;
  readonly firstStartedAt?: EpochMs;
  readonly lastStartedAt?: EpochMs;
  readonly lastEndedAt?: EpochMs;
  readonly response: HistogramJson | null;
  readonly service: HistogramJson | null;
  readonly statuses?: readonly StatusCount[];
  readonly otherStatuses?: number;
  readonly failures?: readonly FailureCount[];
  readonly otherFailures?: number;
}

type TagsJson = Readonly<Record<string, WindowCountsJson>>;

/** A {@link Window} as JSON: the same names and units, histograms as {@link HistogramJson}. */
export interface WindowJson {
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly partial: boolean;
  readonly planned: number | null;
  readonly started: number | null;
  readonly withoutAmmo: number;
  readonly total: WindowCountsJson;
  readonly tags: TagsJson;
  readonly groups: TagsJson;
  readonly scenarios: TagsJson;
  readonly slotWait: HistogramJson | null;
  readonly lateness: HistogramJson | null;
  readonly loop: {
    readonly delay: HistogramJson | null;
    readonly activeMs: number;
    readonly idleMs: number;
    /** Absent without a pause. */
    readonly gcMs?: number;
    readonly longestGcMs?: number;
  };
  readonly counters: Readonly<Record<string, number>>;
  /** Absent without connections. */
  readonly connections?: ConnectionCountsJson;
  /** Absent when nothing was measured. */
  readonly metrics?: WindowMetricsJson;
  readonly tagLimit: number;
  readonly beyondTagLimit: number;
}

function countsToJson({ count, ended, response, service, ...numbers }: WindowCounts): WindowCountsJson {
  const nonZero = Object.entries(numbers).filter(
    ([, value]) => value !== 0 && value !== null && !(Array.isArray(value) && value.length === 0),
  );
  return { ...Object.fromEntries(nonZero), response: histogramToJson(response), service: histogramToJson(service) };
}

function countsFromJson(json: WindowCountsJson): WindowCounts {
  const { ok = 0, bad = 0, failed = 0, discarded = 0, unfinished = 0 } = json;
  const ended = ok + bad + failed;
  return {
    count: ended + discarded + unfinished,
    ended,
    ok,
    bad,
    failed,
    discarded,
    discardedLate: json.discardedLate ?? 0,
    unfinished,
    underWay: json.underWay ?? 0,
    oldestUnfinishedMs: json.oldestUnfinishedMs ?? 0,
    bytesOut: json.bytesOut ?? 0,
    bytesIn: json.bytesIn ?? 0,
    firstStartedAt: json.firstStartedAt ?? null,
    lastStartedAt: json.lastStartedAt ?? null,
    lastEndedAt: json.lastEndedAt ?? null,
    response: histogramFromJson(json.response),
    service: histogramFromJson(json.service),
    statuses: json.statuses ?? [],
    otherStatuses: json.otherStatuses ?? 0,
    failures: json.failures ?? [],
    otherFailures: json.otherFailures ?? 0,
  };
}

// Built by fromEntries, which handles a tag named `__proto__` correctly.
const tagsToJson = (tags: ReadonlyMap<string, WindowCounts>): TagsJson =>
  Object.fromEntries([...tags].map(([tag, counts]) => [tag, countsToJson(counts)]));
const tagsFromJson = (tags: TagsJson): ReadonlyMap<string, WindowCounts> =>
  new Map(Object.entries(tags).map(([tag, counts]) => [tag, countsFromJson(counts)]));

function loopToJson({ delay, gcMs, longestGcMs, ...times }: LoopReading): WindowJson['loop'] {
  return { delay: histogramToJson(delay), ...times, ...(gcMs === 0 ? {} : { gcMs, longestGcMs }) };
}

const A_WINDOW_JSON = {
  expected: 'a window as JSON',
  holds: (value: unknown): boolean => typeof (Object(value) as Partial<WindowJson>).total === 'object',
  hint: 'such as windowToJson returns',
};

/**
 * A window as plain data for `JSON.stringify`.
 *
 * @example
 * declare const window: Window;
 * const line = JSON.stringify(windowToJson(window));
 * const same = windowFromJson(JSON.parse(line));
 */
export function windowToJson(from: Window): WindowJson {
  checkArgument('windowToJson', 'window', from, A_WINDOW);
  const { metrics, connections, ...window } = from;
  const measured = metricsToJson(metrics);
  const connected = connectionsToJson(connections);
  return {
    ...window,
    total: countsToJson(window.total),
    tags: tagsToJson(window.tags),
    groups: tagsToJson(window.groups),
    scenarios: tagsToJson(window.scenarios),
    slotWait: histogramToJson(window.slotWait),
    lateness: histogramToJson(window.lateness),
    loop: loopToJson(window.loop),
    counters: Object.fromEntries(window.counters),
    ...defined({ connections: connected, metrics: measured }),
  };
}

/**
 * The window from its JSON.
 *
 * @throws ElpisError `ELPIS_CONFIG` for histograms of another precision; an error of the decoder for other data.
 */
export function windowFromJson(json: WindowJson): Window {
  checkArgument('windowFromJson', 'json', json, A_WINDOW_JSON);
  return {
    ...json,
    total: countsFromJson(json.total),
    tags: tagsFromJson(json.tags),
    groups: tagsFromJson(json.groups),
    scenarios: tagsFromJson(json.scenarios),
    slotWait: histogramFromJson(json.slotWait),
    lateness: histogramFromJson(json.lateness),
    loop: { ...EMPTY_LOOP, ...json.loop, delay: histogramFromJson(json.loop.delay) },
    counters: new Map(Object.entries(json.counters)),
    connections: connectionsFromJson(json.connections),
    metrics: metricsFromJson(json.metrics),
  };
}
