import { ignoreElements, tap } from 'rxjs';
import type { Aggregator } from '../core/aggregator.js';
import { defined } from '../core/defined.js';
import type { Plan } from '../core/plan.js';
import type { Shot } from '../core/shot.js';
import type { EpochMs, Millis, PerSecond } from '../core/units.js';
import type { Pool } from '../engine/pool.js';
import type { PoolEvent } from '../engine/runEvent.js';
import type { NetSample } from '../protocols/netSample.js';
import type { LoadObserver } from './modelRange.js';
import type { RehearsedPool } from './rehearsal.js';
import type { ShareLoads } from './shareLoads.js';

/** Shorter waits for an instance are not reported. */
const WAIT_FROM_MS: Millis = 1;

/**
 * Records the shots of a pool: counts per time slot, and the first moments at which a shot waits, is discarded or has
 * no ammo.
 */
export class LoadCurve implements LoadObserver {
  /** Shots started in each slot. */
  readonly startedIn: number[] = [];
  /** Responses in each slot. */
  readonly finishedIn: number[] = [];
  inFlight = 0;
  mostInFlight = 0;
  /** The first moment at which the largest number was in flight, from the start of the run as all moments here. */
  mostInFlightAt: Millis | null = null;
  /** Planned moment of the first operation that had to wait for an instance. */
  waitsFrom: Millis | null = null;
  discardsFrom: Millis | null = null;
  ammoExhaustedAt: Millis | null = null;

  constructor(
    private readonly startAt: EpochMs,
    private readonly slotMs: Millis,
    readonly shares: ShareLoads | undefined,
  ) {}

  started(shot: Shot<unknown>, now: EpochMs): void {
    this.#count(this.startedIn, now);
    this.inFlight++;
    this.shares?.started(shot.index);
    if (this.inFlight > this.mostInFlight) {
      this.mostInFlight = this.inFlight;
      this.mostInFlightAt = now - this.startAt;
    }
    if (this.waitsFrom === null && shot.slotWait >= WAIT_FROM_MS) this.waitsFrom = shot.at - this.startAt;
  }

  finished(now: EpochMs, index: number): void {
    this.#count(this.finishedIn, now);
    this.aborted(index);
  }

  aborted(index: number): void {
    this.inFlight--;
    this.shares?.ended(index);
  }

  #count(counts: number[], now: EpochMs): void {
    const slot = Math.floor((now - this.startAt) / this.slotMs);
    while (counts.length <= slot) counts.push(0);
    counts[slot] = (counts[slot] as number) + 1;
  }

  /** Receives the samples too, because discarded operations are not shot. It emits no reports. */
  readonly discards: Aggregator<NetSample> = (samples) =>
    samples.pipe(
      tap(({ outcome, intended }) => {
        if (outcome !== 'discarded') return;
        this.discardsFrom ??= intended - this.startAt;
        this.waitsFrom ??= this.discardsFrom;
      }),
      ignoreElements(),
    );
}

/**
 * The largest number of instances with their own schedules that are added one by one; beyond it, each represents
 * several.
 */
const MAX_STARTS = 2000;

function countBefore(plan: Plan, offsetNs: number): number {
  if (offsetNs <= 0) return 0;
  return offsetNs > plan.durationNs ? plan.count : plan.countAt(offsetNs);
}

/** When each copy of the schedule starts, and how many start with it. */
function starts({ rpsPerInstance, instances }: Pool): readonly { readonly atNs: number; readonly copies: number }[] {
  if (instances === undefined || instances.count === 0) return [{ atNs: 0, copies: 1 }];
  if (!rpsPerInstance) return [{ atNs: instances.atNs(0), copies: 1 }];
  const step = Math.ceil(instances.count / MAX_STARTS);
  return Array.from({ length: Math.ceil(instances.count / step) }, (_, i) => ({
    atNs: instances.atNs(i * step),
    copies: Math.min(step, instances.count - i * step),
  }));
}

/**
 * The planned rate of a pool in each slot of time from its start, `null` for a stream or an endless schedule.
 */
function plannedRates(pool: Pool, slotMs: Millis, slots: number): readonly PerSecond[] | null {
  const { plan, instances } = pool;
  const known = plan !== undefined && Number.isFinite(plan.count) && Number.isFinite(instances?.count ?? 0);
  if (!known) return null;
  const copies = starts(pool);
  const due = (slot: number): number =>
    copies.reduce((sum, { atNs, copies: n }) => sum + n * countBefore(plan, slot * slotMs * 1e6 - atNs), 0);
  let before = due(0);
  return Array.from({ length: slots }, (_, slot) => {
    const until = due(slot + 1);
    const rate = ((until - before) * 1000) / slotMs;
    before = until;
    return rate;
  });
}

/** The results of the run that the report of a pool needs. */
export interface RunFacts {
  readonly slotMs: Millis;
  readonly durationMs: Millis;
  readonly events: readonly PoolEvent[];
  readonly withoutResponse: ReadonlySet<string>;
}

/** The report about a pool after the run. */
export function rehearsedPool(
  pool: Pool,
  curve: LoadCurve,
  { slotMs, durationMs, events, withoutResponse }: RunFacts,
): RehearsedPool {
  const planNs = pool.plan !== undefined && Number.isFinite(pool.plan.count) ? pool.plan.durationNs : 0;
  const slots = Math.max(1, Math.ceil(Math.max(durationMs, planNs / 1e6) / slotMs), curve.finishedIn.length);
  const perSecond = (counts: readonly number[]): PerSecond[] =>
    Array.from({ length: slots }, (_, slot) => ((counts[slot] ?? 0) * 1000) / slotMs);
  const last = events.findLast((event) => event.type === 'pool-finished' && event.pool === pool.id);
  return {
    pool: pool.id,
    rates: {
      slotMs,
      planned: plannedRates(pool, slotMs, slots),
      started: perSecond(curve.startedIn),
      finished: perSecond(curve.finishedIn),
    },
    instancesNeeded: curve.mostInFlight,
    instancesNeededAt: curve.mostInFlightAt,
    instancesStarted: last?.type === 'pool-finished' ? last.progress.instancesStarted : 0,
    ammoExhaustedAt: curve.ammoExhaustedAt,
    overflowFrom: curve.waitsFrom,
    discardsFrom: curve.discardsFrom,
    withoutResponse: [...withoutResponse],
    ...defined({ busiestShares: curve.shares?.most }),
  };
}
