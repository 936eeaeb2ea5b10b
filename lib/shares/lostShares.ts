import { countInShare, type Share } from '../core/deps.js';
import type { EpochMs, Millis } from '../core/units.js';
import type { AnnouncedPool, PoolEvent } from '../engine/runEvent.js';
import { plannedCounts } from '../measure/summary.js';
import { emptyWindow } from '../measure/window.js';
import { EMPTY_COUNTS } from '../measure/windowCounts.js';
import type { RemoteShare } from './remoteShare.js';
import type { SharedRun } from './sharedRun.js';
import { playerText } from './workerTable.js';

/** A part of the operations of a lost share, from a time on. */
export interface TakenPlace {
  readonly share: Share;
  readonly from: EpochMs;
}

/** What is done about a lost share. */
export interface LossPlan {
  /** A clause for the log. */
  readonly text: string;
  readonly events: readonly PoolEvent[];
  /** The shares that take its operations over; none when they are left out. */
  readonly places: readonly TakenPlace[];
}

/** The time until a new share has read the config and has warmed up: operations before that are not given to it. */
const PREPARE_MS: Millis = 2000;

/** The windows of a run begin at whole seconds of its time. */
const WINDOW_MS: Millis = 1000;

const NOTHING = { operations: 0, planned: 0 };

/** The number of operations of a share that are planned before a time; `null` when that is not known. */
function plannedBefore(
  { plan, instances, rpsPerInstance }: AnnouncedPool,
  share: Share,
  sinceMs: Millis,
): number | null {
  if (plan === undefined || rpsPerInstance || !Number.isFinite(plan.count)) return null;
  const first = instances !== undefined && instances.count > 0 ? instances.atNs(0) : 0;
  const offsetNs = sinceMs === Number.POSITIVE_INFINITY ? sinceMs : Math.round(sinceMs * 1e6) - first;
  const all = offsetNs <= 0 ? 0 : offsetNs > plan.durationNs ? plan.count : plan.countAt(offsetNs);
  return countInShare(share, all);
}

/**
 * The operations that lost shares leave: they are recorded as unfinished, at once, or from a border on they are given to new
 * shares.
 *
 * - Share k of n is divided into shares `k + n * r` of `n * m`, for r from 0 to m - 1: their union is share k.
 * - The border is the next window after the time at which the lost share shoots nothing any more, so no operation is shot
 *   twice. What it has not reported before the border is a gap.
 */
export class LostShares {
  /** A command has changed the plans, so that the operations at a time are not known any more. */
  steered = false;
  /** What each share has reported, by pool: operations, and operations that were planned for the time until then. */
  readonly #reported = new Map<number, Map<string, { readonly operations: number; readonly planned: number }>>();

  constructor(private readonly run: SharedRun) {}

  /** Counts the operations that a share reports. */
  count({ id }: RemoteShare, event: PoolEvent): void {
    if (event.type !== 'window') return;
    const { window, pool } = event;
    const pools = this.#reported.get(id) ?? new Map<string, { operations: number; planned: number }>();
    this.#reported.set(id, pools);
    const { operations, planned } = pools.get(pool) ?? NOTHING;
    pools.set(pool, {
      operations: operations + plannedCounts(window).count + window.withoutAmmo,
      planned: planned + (window.planned ?? 0),
    });
  }

  /** @param left How many shares are running. */
  lose(
    lost: RemoteShare,
    { now, started, left, reason }: { now: EpochMs; started: EpochMs; left: number; reason: string },
  ): LossPlan {
    const { onLostShare, silentAfterLossMs = 0 } = this.run;
    const since = Math.max(0, now - started) + silentAfterLossMs + PREPARE_MS;
    const border = started + Math.ceil(since / WINDOW_MS) * WINDOW_MS;
    const open = this.#open(lost);
    const refusal = onLostShare === 'resplit' ? this.#cannotDivide(open, lost) : 'its operations are left out';
    const takers = refusal === undefined ? this.#takers(open, lost, left) : 0;
    const events = open.flatMap((pool) =>
      this.#events(pool, lost, { now, started, border, reason, taken: takers > 0 }),
    );
    const { index, of } = lost.share;
    return {
      events,
      text:
        refusal ?? `its operations from ${((border - started) / 1000).toFixed(0)} s on are given to ${takers} others`,
      places: Array.from({ length: takers }, (_, r) => ({
        share: { index: index + of * r, of: of * takers },
        from: border,
      })),
    };
  }

  /** The pools that the share has not finished. */
  #open({ unfinished }: RemoteShare): readonly AnnouncedPool[] {
    const { announced = [], pools } = this.run;
    const known = new Map(announced.map((pool) => [pool.id, pool]));
    return pools.filter((id) => unfinished.has(id)).map((id) => known.get(id) ?? { id, rpsPerInstance: false });
  }

  /** Why the operations of a share cannot be given to others; undefined when they can. */
  #cannotDivide(open: readonly AnnouncedPool[], { share }: RemoteShare): string | undefined {
    if (this.steered) return 'its operations are left out, because a command has changed the plan';
    const unknown = open.find((pool) => plannedBefore(pool, share, Number.POSITIVE_INFINITY) === null);
    return unknown === undefined
      ? undefined
      : `its operations are left out, because pool "${unknown.id}" has no finite plan`;
  }

  /** Each new share needs an instance of every pool. */
  #takers(open: readonly AnnouncedPool[], { share }: RemoteShare, left: number): number {
    const instances = open.map(({ instances: plan }) => countInShare(share, plan?.count ?? Number.POSITIVE_INFINITY));
    return Math.max(1, Math.min(left, ...instances));
  }

  #events(
    pool: AnnouncedPool,
    { id, share, from }: RemoteShare,
    at: { now: EpochMs; started: EpochMs; border: EpochMs; reason: string; taken: boolean },
  ): readonly PoolEvent[] {
    const { now, started, border, reason, taken } = at;
    const until = plannedBefore(pool, share, taken ? border - started : Number.POSITIVE_INFINITY);
    const before = from === undefined ? 0 : (plannedBefore(pool, share, from - started) ?? 0);
    const reported = this.#reported.get(id)?.get(pool.id) ?? NOTHING;
    const own = until === null || this.steered ? null : until - before;
    const missing = own === null ? null : Math.max(0, own - reported.operations);
    const planned = own === null ? null : Math.max(0, own - reported.planned);
    const player = playerText(this.run.workerOf?.(id));
    const event = { pool: pool.id, at: now };
    const gap =
      missing === null || missing === 0
        ? []
        : [
            {
              ...event,
              type: 'window' as const,
              window: {
                ...emptyWindow(now),
                ...{ partial: true, planned, total: { ...EMPTY_COUNTS, count: missing, unfinished: missing } },
              },
            },
          ];
    return [
      {
        ...event,
        ...{ type: 'share-lost', share: id, missing, reason, takenFrom: taken ? border : null },
        ...(player === undefined ? {} : { player }),
      },
      ...gap,
    ];
  }
}
