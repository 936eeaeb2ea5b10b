import { defined } from '../core/defined.js';
import type { SampleScope } from '../core/sample.js';
import type { Millis, PerSecond } from '../core/units.js';
import { type BadAmmo, mergeBadAmmo } from './badAmmo.js';
import { type Distribution, distributionOf } from './histogram.js';
import { type LoopFigures, loopUtilization } from './loopWatch.js';
import { type NotShot, notShotOf } from './notShot.js';
import { mergeWindows, type Window } from './window.js';
import { EMPTY_COUNTS, mergeCounts, type WindowCounts } from './windowCounts.js';

/** The operations of a schedule. */
export interface PlannedLoad {
  /** `null` when only the speed of the target limits it. */
  readonly count: number | null;
  readonly durationMs: Millis;
}

/** The counts of one tag, or of a whole pool: those of the {@link Window}, and figures computed from them. */
export interface TagSummary extends Omit<WindowCounts, 'response' | 'service'> {
  /** The tag; empty for operations without one, and for a total. */
  readonly tag: string;
  /** The scope of a tag that spans requests of other tags; absent for requests. */
  readonly scope?: Exclude<SampleScope, ''>;
  /** Number of shots started: `ended + underWay`. */
  readonly started: number;
  /** Rate at which shots were started, from the first to the last; `null` for fewer than two moments. */
  readonly startedPerSecond: PerSecond | null;
  /** Ended shots per time from the first start to the last end; `null` when that time is 0. */
  readonly endedPerSecond: PerSecond | null;
  /** End - intended moment. Contains unfinished operations with their age, as a lower bound. */
  readonly responseTimeMs: Distribution;
  /** End - start. Contains unfinished shots with their age, as a lower bound. */
  readonly serviceTimeMs: Distribution;
}

/** The operations that were due up to the end of the plan, or of the run. */
export interface AppliedLoad {
  readonly planned: number;
  /** Those of them that were started, discarded or without ammo by then. */
  readonly begun: number;
}

/** One thread's part of a run. */
export interface ThreadShare {
  /** Operations that the thread ended. */
  readonly ended: number;
  readonly latenessP50Ms: Millis;
  readonly latenessP99Ms: Millis;
}

/** A share of a run that was lost while the run went on. */
export interface LostShare {
  /** Its number, as in `threads`. */
  readonly share: number;
  /** Who played it, such as the name of a worker. */
  readonly player?: string;
  readonly reason: string;
  /** Operations that it has not reported and that no other share has shot; `null` when they are not known. */
  readonly missing: number | null;
  /** True when other shares have shot its later operations. */
  readonly taken: boolean;
}

/** The summary of a pool: one window of the whole run, and figures computed from it. `structuredClone` copies it. */
export interface SummarySnapshot {
  readonly kind: 'summary';
  readonly pool: string;
  readonly planned: PlannedLoad | null;
  /** The reason of the condition that ended the pool; absent when there was none. */
  readonly stopped?: string;
  /** All requests, without groups and scenarios, whose requests are counted here already. */
  readonly total: TagSummary;
  /** All ended scenarios; absent when there were none. With scenarios, `planned` counts their starts. */
  readonly scenarios?: TagSummary;
  /** In descending order of ended operations, then by name; tags beyond the limit are together under `(other tags)`. */
  readonly tags: readonly TagSummary[];
  /** Number of samples with a tag beyond the limit of tags. */
  readonly beyondTagLimit: number;
  /** Time that operations waited for a free instance: caused by the target. */
  readonly slotWaitMs: Distribution;
  /** Time that shots were late: caused by the generator. */
  readonly latenessMs: Distribution;
  /** The event loop of the generator. */
  readonly loop: LoopFigures;
  /** Planned operations that were not shot, when there are any. */
  readonly notShot?: NotShot;
  /** The rate that was reached while the plan was played; absent without a plan, and for commands that change it. */
  readonly applied?: AppliedLoad;
  /** Bad items of ammo, by kind; absent when there were none. */
  readonly badAmmo?: readonly BadAmmo[];
  /** The number of instances; absent when it is unknown. */
  readonly instances?: number;
  /** The threads that shared the run; absent for one. */
  readonly threads?: readonly ThreadShare[];
  /** Shares that were lost; absent when there were none. Their operations are missing, or were shot by others. */
  readonly lostShares?: readonly LostShare[];
  /** All windows of the run, merged. */
  readonly window: Window;
}

/** True for the detail of a summary's final report. */
export function isSummarySnapshot(detail: unknown): detail is SummarySnapshot {
  return typeof detail === 'object' && detail !== null && (detail as Partial<SummarySnapshot>).kind === 'summary';
}

const perSecond = (count: number, from: number | null, to: number | null): PerSecond | null =>
  from !== null && to !== null && count > 0 && to > from ? (count * 1000) / (to - from) : null;

function tagSummary(tag: string, scope: SampleScope, { response, service, ...counts }: WindowCounts): TagSummary {
  const { ended, underWay, firstStartedAt, lastStartedAt, lastEndedAt } = counts;
  const started = ended + underWay;
  return {
    ...counts,
    tag,
    ...(scope === '' ? {} : { scope }),
    started,
    startedPerSecond: perSecond(started - 1, firstStartedAt, lastStartedAt),
    endedPerSecond: perSecond(ended, firstStartedAt, lastEndedAt),
    statuses: counts.statuses.toSorted((a, b) => b.count - a.count),
    failures: counts.failures.toSorted((a, b) => b.count - a.count),
    responseTimeMs: distributionOf(response),
    serviceTimeMs: distributionOf(service),
  };
}

/**
 * The counts to compare with the plan of a pool: those of the scenarios when there are any, because the plan then
 * counts their starts; otherwise those of all operations. The live line and the summary both use it.
 */
export function plannedCounts({ scenarios, total }: Window): WindowCounts {
  return scenarios.size === 0 ? total : [...scenarios.values()].reduce(mergeCounts, EMPTY_COUNTS);
}

/** The fields of a summary that do not come from windows. */
export interface SummaryFacts {
  readonly pool: string;
  /** Default `null`: unknown. */
  readonly planned?: PlannedLoad | null;
  readonly stopped?: string | undefined;
  readonly threads?: readonly ThreadShare[] | undefined;
  readonly instances?: number | undefined;
  readonly badAmmo?: readonly BadAmmo[];
  readonly applied?: AppliedLoad | undefined;
  readonly lostShares?: readonly LostShare[];
}

/**
 * The summary of a run from its merged windows.
 *
 * @example
 * declare const windows: readonly Window[];
 * const summary = summaryOf(windows.reduce(mergeWindows), { pool: 'main' });
 * console.log(summary.total.ended, summary.total.responseTimeMs.p99);
 */
export function summaryOf(
  window: Window,
  { pool, planned = null, stopped, threads, instances, applied, badAmmo = [], lostShares = [] }: SummaryFacts,
): SummarySnapshot {
  const rows = (counts: ReadonlyMap<string, WindowCounts>, scope: SampleScope): TagSummary[] =>
    [...counts].map(([tag, of]) => tagSummary(tag, scope, of));
  const total = tagSummary('', '', window.total);
  const latenessMs = distributionOf(window.lateness);
  const loop = { delayMs: distributionOf(window.loop.delay), utilization: loopUtilization(window.loop) };
  const scenarios = window.scenarios.size === 0 ? undefined : tagSummary('', '', plannedCounts(window));
  const notShot = notShotOf({
    ...window.total,
    ...{ planned, instances, withoutAmmo: window.withoutAmmo, service: (scenarios ?? total).serviceTimeMs },
  });
  const tags = [...rows(window.scenarios, 'scenario'), ...rows(window.groups, 'group'), ...rows(window.tags, '')];
  return {
    kind: 'summary',
    pool,
    planned,
    ...defined({ stopped }),
    total,
    ...defined({ scenarios }),
    tags: tags.sort((a, b) => b.ended - a.ended || (a.tag < b.tag ? -1 : 1)),
    beyondTagLimit: window.beyondTagLimit,
    slotWaitMs: distributionOf(window.slotWait),
    latenessMs,
    loop,
    ...defined({ notShot, applied, instances }),
    ...(badAmmo.length === 0 ? {} : { badAmmo }),
    ...(lostShares.length === 0 ? {} : { lostShares }),
    ...defined({ threads }),
    window,
  };
}

function mergePlanned(plans: readonly (PlannedLoad | null)[]): PlannedLoad | null {
  const known = plans.filter((plan) => plan !== null);
  if (known.length === 0) return null;
  const unlimited = known.length < plans.length || known.some(({ count }) => count === null);
  return {
    count: unlimited ? null : known.reduce((sum, { count }) => sum + (count ?? 0), 0),
    durationMs: Math.max(...known.map(({ durationMs }) => durationMs)),
  };
}

/**
 * The summary of several pools together. Windows are merged exactly, and figures are computed from the result. Planned
 * counts add up; the longest duration counts.
 *
 * @param pool Name of the result. Default: the names that occur, each once.
 */
export function mergeSummaries(
  snapshots: readonly [SummarySnapshot, ...SummarySnapshot[]],
  pool?: string,
): SummarySnapshot {
  const names = [...new Set(snapshots.map((snapshot) => snapshot.pool))].join(', ');
  const stops = [...new Set(snapshots.flatMap(({ stopped }) => stopped ?? []))].join('; ');
  return summaryOf(snapshots.map(({ window }) => window).reduce(mergeWindows), {
    pool: pool ?? names,
    planned: mergePlanned(snapshots.map(({ planned }) => planned)),
    stopped: stops === '' ? undefined : stops,
    badAmmo: snapshots.map(({ badAmmo = [] }) => badAmmo).reduce(mergeBadAmmo),
    lostShares: snapshots.flatMap(({ lostShares = [] }) => lostShares),
    instances: snapshots.some(({ instances }) => instances === undefined)
      ? undefined
      : snapshots.reduce((sum, { instances = 0 }) => sum + instances, 0),
  });
}
