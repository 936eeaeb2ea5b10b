import { type BadAmmo, mergeBadAmmo } from '../measure/badAmmo.js';
import { distributionOf, EMPTY_HISTOGRAM, type Histogram, mergeHistograms } from '../measure/histogram.js';
import {
  type AppliedLoad,
  type LostShare,
  type PlannedLoad,
  plannedCounts,
  type SummarySnapshot,
  summaryOf,
  type ThreadShare,
} from '../measure/summary.js';
import { emptyWindow, type Window } from '../measure/window.js';
import { WindowSum } from '../measure/windowSum.js';
import type { AnnouncedPool, PoolEvent, RunEvent, ThreadWindow } from './runEvent.js';

/** The planned operations of a pool, if its schedules have plans. */
export function plannedLoad({ plan, instances, rpsPerInstance }: AnnouncedPool): PlannedLoad | null {
  if (plan === undefined) return null;
  const copies = rpsPerInstance ? (instances?.count ?? Number.POSITIVE_INFINITY) : 1;
  const count = plan.count * copies;
  const startsUntilNs = rpsPerInstance ? (instances?.durationNs ?? 0) : 0;
  return { count: Number.isFinite(count) ? count : null, durationMs: (plan.durationNs + startsUntilNs) / 1e6 };
}

type CommandEvent = Extract<RunEvent, { readonly type: 'command' }>;

/** The operations that were asked for in a pool whose rate was changed: those that were due in its windows. */
function askedLoad(window: Window): PlannedLoad {
  return { count: plannedCounts(window).count + window.withoutAmmo, durationMs: window.to - window.from };
}

interface PoolFold {
  readonly sum: WindowSum;
  startedAt: number;
  stopped: string | undefined;
  badAmmo: readonly BadAmmo[];
  instances: number | undefined;
  /** Operations so far; undefined once the plan is unknown. */
  soFar: AppliedLoad | undefined;
  /** The same at the end of the last window with planned operations. */
  applied: AppliedLoad | undefined;
  readonly lostShares: LostShare[];
  readonly threads: Map<number, { ended: number; lateness: Histogram }>;
}

/** Folds the events of pools into their summaries: the windows of each pool, merged. */
export class Summaries {
  readonly #folds = new Map<string, PoolFold>();
  /** Pools whose rate a command has changed, so that their plans do not tell what was asked for. */
  readonly #steered = new Set<string>();

  /** @param pools All pools of the run; pools that have not started have no summary. */
  constructor(private readonly pools: readonly AnnouncedPool[]) {}

  add(event: PoolEvent | CommandEvent): void {
    if (event.type === 'command') this.#command(event);
    else if (event.type === 'pool-started') this.#foldOf(event);
    else if (event.type === 'window') {
      const fold = this.#foldOf(event);
      fold.sum.add(event.window);
      this.#addLoad(fold, event.window);
      for (const part of event.threads ?? []) this.#addThread(fold, part);
    } else if (event.type === 'progress' || event.type === 'pool-finished')
      this.#foldOf(event).instances = event.progress.instancesStarted;
    else if (event.type === 'pool-stopped') this.#foldOf(event).stopped ??= event.reason;
    else if (event.type === 'share-lost') {
      const { share, player, reason, missing, takenFrom } = event;
      const lost = { share, reason, missing, taken: takenFrom !== null };
      this.#foldOf(event).lostShares.push(player === undefined ? lost : { ...lost, player });
    } else if (event.type === 'bad-ammo') {
      const fold = this.#foldOf(event);
      fold.badAmmo = mergeBadAmmo(fold.badAmmo, event.kinds);
    }
  }

  #command({ pool, command }: CommandEvent): void {
    if (command.type !== 'rate' && command.type !== 'scale') return;
    for (const id of pool === undefined ? this.pools.map(({ id }) => id) : [pool]) this.#steered.add(id);
  }

  #foldOf({ pool, at }: PoolEvent): PoolFold {
    const known = this.#folds.get(pool);
    if (known !== undefined) return known;
    const fold: PoolFold = {
      sum: new WindowSum(),
      startedAt: at,
      stopped: undefined,
      badAmmo: [],
      instances: undefined,
      soFar: { planned: 0, begun: 0 },
      applied: undefined,
      lostShares: [],
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
      const { sum, stopped, badAmmo, threads, instances, applied, lostShares } = fold;
      const shares = [...threads]
        .sort(([a], [b]) => a - b)
        .map(([, { ended, lateness }]): ThreadShare => {
          const { p50, p99 } = distributionOf(lateness);
          return { ended, latenessP50Ms: p50, latenessP99Ms: p99 };
        });
      const window = sum.window ?? emptyWindow(fold.startedAt);
      const planned = this.#steered.has(pool.id) ? askedLoad(window) : plannedLoad(pool);
      const facts = { pool: pool.id, planned, stopped, badAmmo, instances, applied, lostShares };
      return summaryOf(window, {
        ...facts,
        threads: shares.length === 0 ? undefined : shares,
      });
    });
  }
}
