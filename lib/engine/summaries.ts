import { type BadAmmo, mergeBadAmmo } from '../measure/badAmmo.js';
import { distributionOf, EMPTY_HISTOGRAM, type Histogram, mergeHistograms } from '../measure/histogram.js';
import {
  type AppliedLoad,
  type PlannedLoad,
  type SummarySnapshot,
  summaryOf,
  type ThreadShare,
} from '../measure/summary.js';
import { emptyWindow, mergeWindows, type Window } from '../measure/window.js';
import type { AnnouncedPool, PoolEvent, ThreadWindow } from './runEvent.js';

/** The planned operations of a pool, if its schedules have plans. */
export function plannedLoad({ plan, instances, rpsPerInstance }: AnnouncedPool): PlannedLoad | null {
  if (plan === undefined) return null;
  const copies = rpsPerInstance ? (instances?.count ?? Number.POSITIVE_INFINITY) : 1;
  const count = plan.count * copies;
  const startsUntilNs = rpsPerInstance ? (instances?.durationNs ?? 0) : 0;
  return { count: Number.isFinite(count) ? count : null, durationMs: (plan.durationNs + startsUntilNs) / 1e6 };
}

/** How many windows are merged with each other before they are merged with the large one of the whole run. */
const MAX_RECENT = 32;

interface PoolFold {
  /** All windows but the recent ones, merged. */
  window: Window | undefined;
  recent: Window[];
  startedAt: number;
  stopped: string | undefined;
  badAmmo: readonly BadAmmo[];
  instances: number | undefined;
  /** Operations so far; undefined once the plan is unknown. */
  soFar: AppliedLoad | undefined;
  /** The same at the end of the last window with planned operations. */
  applied: AppliedLoad | undefined;
  readonly threads: Map<number, { ended: number; lateness: Histogram }>;
}

/** Merges windows in pairs, so that each merge is one of windows of about the same size. */
function merged(windows: readonly Window[]): Window {
  if (windows.length === 1) return windows[0] as Window;
  const half = windows.length >>> 1;
  return mergeWindows(merged(windows.slice(0, half)), merged(windows.slice(half)));
}

/** Merges the recent windows with the others. */
function settle(fold: PoolFold): void {
  if (fold.recent.length === 0) return;
  const recent = merged(fold.recent);
  fold.window = fold.window === undefined ? recent : mergeWindows(fold.window, recent);
  fold.recent = [];
}

/** Folds the events of pools into their summaries: the windows of each pool, merged. */
export class Summaries {
  readonly #folds = new Map<string, PoolFold>();

  /** @param pools All pools of the run; pools that have not started have no summary. */
  constructor(private readonly pools: readonly AnnouncedPool[]) {}

  add(event: PoolEvent): void {
    if (event.type === 'pool-started') this.#foldOf(event);
    else if (event.type === 'window') {
      const fold = this.#foldOf(event);
      fold.recent.push(event.window);
      if (fold.recent.length >= MAX_RECENT) settle(fold);
      this.#addLoad(fold, event.window);
      for (const part of event.threads ?? []) this.#addThread(fold, part);
    } else if (event.type === 'progress' || event.type === 'pool-finished')
      this.#foldOf(event).instances = event.progress.instancesStarted;
    else if (event.type === 'pool-stopped') this.#foldOf(event).stopped ??= event.reason;
    else if (event.type === 'bad-ammo') {
      const fold = this.#foldOf(event);
      fold.badAmmo = mergeBadAmmo(fold.badAmmo, event.kinds);
    }
  }

  #foldOf({ pool, at }: PoolEvent): PoolFold {
    const known = this.#folds.get(pool);
    if (known !== undefined) return known;
    const fold: PoolFold = {
      window: undefined,
      recent: [],
      startedAt: at,
      stopped: undefined,
      badAmmo: [],
      instances: undefined,
      soFar: { planned: 0, begun: 0 },
      applied: undefined,
      threads: new Map(),
    };
    this.#folds.set(pool, fold);
    return fold;
  }

  #addLoad(fold: PoolFold, { planned, started, withoutAmmo, total }: Window): void {
    const { soFar } = fold;
    if (soFar === undefined || planned === null || started === null) {
      fold.soFar = undefined;
      fold.applied = undefined;
      return;
    }
    const begun = soFar.begun + started + withoutAmmo + total.discarded;
    fold.soFar = { planned: soFar.planned + planned, begun };
    if (planned > 0) fold.applied = fold.soFar;
  }

  #addThread({ threads }: PoolFold, { thread, ended, lateness }: ThreadWindow): void {
    const known = threads.get(thread) ?? { ended: 0, lateness: EMPTY_HISTOGRAM };
    threads.set(thread, { ended: known.ended + ended, lateness: mergeHistograms(known.lateness, lateness) });
  }

  /** One per pool that has started, in the order of the pools. */
  get all(): readonly SummarySnapshot[] {
    return this.pools.flatMap((pool) => {
      const fold = this.#folds.get(pool.id);
      if (fold === undefined) return [];
      settle(fold);
      const { window = emptyWindow(fold.startedAt), stopped, badAmmo, threads, instances, applied } = fold;
      const shares = [...threads]
        .sort(([a], [b]) => a - b)
        .map(([, { ended, lateness }]): ThreadShare => {
          const { p50, p99 } = distributionOf(lateness);
          return { ended, latenessP50Ms: p50, latenessP99Ms: p99 };
        });
      const facts = { pool: pool.id, planned: plannedLoad(pool), stopped, badAmmo, instances, applied };
      return summaryOf(window, { ...facts, threads: shares.length === 0 ? undefined : shares });
    });
  }
}
