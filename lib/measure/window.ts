import { checkArgument } from '../core/argument.js';
import type { EpochMs } from '../core/units.js';
import { type ConnectionCounts, mergeConnections, NO_CONNECTIONS } from './connectionCounts.js';
import { type Counters, mergeCounters, noCounters } from './counters.js';
import { EMPTY_HISTOGRAM, type Histogram, mergeHistograms } from './histogram.js';
import { EMPTY_LOOP, type LoopReading, mergeLoops } from './loopWatch.js';
import { EMPTY_METRICS, mergeMetrics, type WindowMetrics } from './metrics.js';

import { EMPTY_COUNTS, mergeCounts, type WindowCounts } from './windowCounts.js';

/** The tag under which the samples of tags beyond the limit are counted. */
export const OTHER_TAGS = '(other tags)';

/** For a check of arguments: an object in the shape of a window. */
export const A_WINDOW = {
  expected: 'a window',
  holds: (value: unknown): boolean => (Object(value) as Partial<Window>).tags instanceof Map,
  hint: 'such as rollUp emits, or windowFromJson returns',
};

/** The default of the largest number of tags that one recorder counts under their own names. */
export const TAG_LIMIT = 1000;

/**
 * The counts of a span of time, as an immutable value. It is the only unit of results: the summary, the live line and
 * every other output are folds of windows.
 *
 * - A sample belongs to the window in which it arrived, which is when its operation ended.
 * - Windows add up exactly over time, threads and machines ({@link mergeWindows}). Only `tagLimit` limits that: each
 *   recorder has rows for the first tags that it has recorded.
 * - `structuredClone` copies a window; `windowToJson` converts it for JSON.
 */
export interface Window {
  /** Begin, in epoch milliseconds of the run's clock. */
  readonly from: EpochMs;
  /** End. This moment belongs to the next window. */
  readonly to: EpochMs;
  /** True when it is shorter than the windows of its stream: the first and the last may be. */
  readonly partial: boolean;
  /**
   * The planned operations of this span. From the plan, not from samples; `null` without a known plan: for a stream, an
   * unlimited schedule, a schedule that was steered, or samples without a schedule.
   */
  readonly planned: number | null;
  /**
   * Shots that were given to guns in this span. From the counter of the engine; `null` for samples without an engine.
   */
  readonly started: number | null;
  /** Operations of the plan without ammo. From the engine. */
  readonly withoutAmmo: number;
  /** All operations. Groups and scenarios span operations and are not in it, so nothing is counted twice. */
  readonly total: WindowCounts;
  /** Operations by tag. Tags beyond `tagLimit` are counted under `(other tags)`. */
  readonly tags: ReadonlyMap<string, WindowCounts>;
  /** Groups of a scenario by tag, from their start to their end. Limited like tags. */
  readonly groups: ReadonlyMap<string, WindowCounts>;
  /** Scenarios by tag, from their start to their end. Limited like tags. */
  readonly scenarios: ReadonlyMap<string, WindowCounts>;
  /**
   * The time for which operations and scenarios wait for a free instance in a generator without delays: the target was
   * too slow for the number of instances. Discarded and not started operations count too.
   */
  readonly slotWait: Histogram;
  /** The delay by the generator until operations and scenarios were started, discarded or given up: the time since they were due, without slot wait. */
  readonly lateness: Histogram;
  /** Delay and activity of the event loop of the generator. Empty without an engine, and in virtual time. */
  readonly loop: LoopReading;
  /** Counts that do not come from samples, such as retries on kept connections. Empty without an engine. */
  readonly counters: Counters;
  /** The connections of the guns. None without an engine, and for guns without connections. */
  readonly connections: ConnectionCounts;
  /** Checks and metrics of users, from samples of every scope. */
  readonly metrics: WindowMetrics;
  /** The largest number of tags that one recorder counts under their own names. */
  readonly tagLimit: number;
  /** Number of samples with a tag beyond the limit. */
  readonly beyondTagLimit: number;
}

/** The window at a moment, without length and samples. Merged with another window it does not change the counts. */
export function emptyWindow(at: EpochMs): Window {
  return {
    from: at,
    to: at,
    partial: false,
    planned: 0,
    started: 0,
    withoutAmmo: 0,
    total: EMPTY_COUNTS,
    tags: new Map(),
    groups: new Map(),
    scenarios: new Map(),
    slotWait: EMPTY_HISTOGRAM,
    lateness: EMPTY_HISTOGRAM,
    loop: EMPTY_LOOP,
    counters: noCounters(),
    connections: NO_CONNECTIONS,
    metrics: EMPTY_METRICS,
    tagLimit: 0,
    beyondTagLimit: 0,
  };
}

/** True for a {@link Window}, such as the detail of a summary's periodic reports. */
export function isWindow(value: unknown): value is Window {
  if (typeof value !== 'object' || value === null) return false;
  const { from, total, tags } = value as Partial<Window>;
  return typeof from === 'number' && typeof total === 'object' && tags instanceof Map;
}

/** The counts of a tag, or of the group or the scenario with that tag; `undefined` when there are none. */
export function countsOf(window: Window, tag: string): WindowCounts | undefined {
  checkArgument('countsOf', 'window', window, A_WINDOW);
  const { tags, groups, scenarios } = window;
  return tags.get(tag) ?? groups.get(tag) ?? scenarios.get(tag);
}

const sum = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a + b);

type CountsByTag = ReadonlyMap<string, WindowCounts>;

function mergeTags(a: CountsByTag, b: CountsByTag): CountsByTag {
  if (a.size === 0) return b;
  if (b.size === 0) return a;
  const merged = new Map(a);
  for (const [tag, counts] of b) {
    const known = merged.get(tag);
    merged.set(tag, known === undefined ? counts : mergeCounts(known, counts));
  }
  return merged;
}

/**
 * Merges two windows into one: of the same time, such as those of two threads, or of one time after another. Exact:
 * counts add up and histograms add up bucket by bucket, so the result is the window of one recorder with all the
 * samples.
 *
 * ```text
 * a                       [ 3 samples )
 * b                                   [ 2 samples )
 * mergeWindows(a, b)      [ 5 samples             )
 * ```
 *
 * - It spans from the earlier start to the later end, and is partial when one of the two is.
 * - Order and grouping do not matter: `mergeWindows(a, b)` equals `mergeWindows(b, a)`, and so on for more.
 * - It has the tags of both, so it never moves a sample to `(other tags)`. The tags of one recorder over all time are
 *   at most its `tagLimit`, so the windows of n threads have at most n times that number.
 * - `planned` and `started` add up, and are `null` when one of the two is.
 * - The two are not changed.
 *
 * @example
 * declare const windows: Observable<Window>;
 * windows.pipe(bufferCount(10), map((ten) => ten.reduce(mergeWindows))).subscribe(({ total }) => console.log(total.ended));
 */
export function mergeWindows(a: Window, b: Window): Window {
  checkArgument('mergeWindows', 'a', a, A_WINDOW);
  checkArgument('mergeWindows', 'b', b, A_WINDOW);
  return {
    from: Math.min(a.from, b.from),
    to: Math.max(a.to, b.to),
    partial: a.partial || b.partial,
    planned: sum(a.planned, b.planned),
    started: sum(a.started, b.started),
    withoutAmmo: a.withoutAmmo + b.withoutAmmo,
    total: mergeCounts(a.total, b.total),
    tags: mergeTags(a.tags, b.tags),
    groups: mergeTags(a.groups, b.groups),
    scenarios: mergeTags(a.scenarios, b.scenarios),
    slotWait: mergeHistograms(a.slotWait, b.slotWait),
    lateness: mergeHistograms(a.lateness, b.lateness),
    loop: mergeLoops(a.loop, b.loop),
    counters: mergeCounters(a.counters, b.counters),
    connections: mergeConnections(a.connections, b.connections),
    metrics: mergeMetrics(a.metrics, b.metrics),
    tagLimit: Math.max(a.tagLimit, b.tagLimit),
    beyondTagLimit: a.beyondTagLimit + b.beyondTagLimit,
  };
}
