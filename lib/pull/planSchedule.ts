import type { SchedulerLike } from 'rxjs';
import { type Cursor, DONE, type Polled } from '../core/cursor.js';
import { defined } from '../core/defined.js';
import { countInShare, nextInShare, nthOfShare, type Share, WHOLE } from '../core/deps.js';
import { withContext } from '../core/errorContext.js';
import { ElpisError } from '../core/errors.js';
import { type Demand, type Plan, planLeaves, type Tick } from '../core/plan.js';
import type { Schedule, ScheduleOptions } from '../core/schedule.js';
import type { EpochMs } from '../core/units.js';
import { BaseCursor } from './baseCursor.js';
import { Pullable } from './pullable.js';

/** The {@link Schedule} of a plan. */
export class PlanSchedule extends Pullable<Tick> implements Schedule {
  constructor(
    readonly plan: Plan,
    readonly options: ScheduleOptions = {},
  ) {
    super((scheduler): Cursor<Tick> => new PlanCursor(plan, scheduler, options), {
      dueAt: (tick) => tick.at,
      ...defined({ scheduler: options.scheduler }),
    });
  }
}

/** Users also make plans, so their results are checked. */
function checkLeaf({ count, durationNs }: Plan): void {
  if (count >= 0 && durationNs >= 0) return;
  throw new ElpisError(
    'ELPIS_SCHEDULE',
    `the plan has ${count} operations in ${durationNs} ns; expected 0 or more of both`,
  );
}

function disorder(index: number, offsetNs: number, lastNs: number): ElpisError {
  const message = `operation ${index} of the plan is due at ${offsetNs} ns; expected at least ${lastNs} ns, when the one before it is`;
  return new ElpisError('ELPIS_SCHEDULE', message, { hint: 'atNs returns a finite number that does not decrease' });
}

/**
 * Plays a plan by pull: every tick has its exact planned time, whenever it is polled. An unlimited part returns
 * ticks for the current moment until its time has passed. A share has its part of the global numbering.
 */
export class PlanCursor extends BaseCursor<Tick> {
  readonly #scheduler: SchedulerLike;
  readonly #leaves: readonly Plan[];
  readonly #totalNs: number;
  readonly #share: Share;
  readonly #startAt: ScheduleOptions['startAt'];
  #start: EpochMs | undefined;
  #leaf = 0;
  /** Global index of the first operation of the current leaf, and its offset in time. */
  #leafIndex = 0;
  #leafNs = 0;
  /** Global index of the next operation of this share. */
  #next: number;
  /** Offset of the last tick in the current leaf. */
  #lastNs = 0;
  /** Of the current leaf, when it is unlimited and was asked for an operation. */
  #demand: Demand | undefined;

  constructor(plan: Plan, scheduler: SchedulerLike, { startAt, share = WHOLE }: ScheduleOptions = {}) {
    super();
    this.#leaves = planLeaves(plan);
    this.#totalNs = this.#leaves.reduce((sum, leaf) => sum + leaf.durationNs, 0);
    this.#scheduler = scheduler;
    this.#startAt = startAt;
    this.#share = share;
    this.#next = nthOfShare(share, 0);
  }

  /** As in the base class, but with a call of `draw` that only cursors of this class use: it is inlined (12 ns a tick). */
  override poll(): Polled<Tick> {
    return this.returned > 0 ? super.poll() : this.draw();
  }

  protected override draw(): Polled<Tick> {
    try {
      this.#start ??= this.#begin();
      return this.#poll(this.#start);
    } catch (error) {
      throw withContext(error, {}, { code: 'ELPIS_SCHEDULE', what: 'the schedule failed' });
    }
  }

  #poll(start: EpochMs): Polled<Tick> {
    for (;;) {
      const leaf = this.#leaves[this.#leaf];
      if (leaf === undefined) return DONE;
      const tick = leaf.unlimited === true ? this.#unlimited(leaf, start) : this.#counted(leaf, start);
      if (tick !== undefined) return tick;
      this.#leafNs += leaf.durationNs;
      this.#lastNs = 0;
      this.#leaf++;
    }
  }

  /** @returns When the plan starts. */
  #begin(): EpochMs {
    this.#leaves.forEach(checkLeaf);
    const startAt = typeof this.#startAt === 'function' ? this.#startAt() : this.#startAt;
    return startAt ?? this.#scheduler.now();
  }

  #counted(leaf: Plan, start: EpochMs): Tick | undefined {
    const local = this.#next - this.#leafIndex;
    if (local >= leaf.count) {
      this.#leafIndex += leaf.count;
      return undefined;
    }
    const offsetNs = leaf.atNs(local);
    if (!(offsetNs >= this.#lastNs && offsetNs < Number.POSITIVE_INFINITY))
      throw disorder(this.#next, offsetNs, this.#lastNs);
    this.#lastNs = offsetNs;
    const tick = { index: this.#next, at: start + (this.#leafNs + offsetNs) / 1e6 };
    this.#next = nextInShare(this.#share, this.#next);
    return tick;
  }

  #unlimited(leaf: Plan, start: EpochMs): Tick | undefined {
    this.#demand ??= { from: start + this.#leafNs / 1e6 };
    const demand = this.#demand;
    const now = this.#scheduler.now();
    if (now >= demand.from + leaf.durationNs / 1e6) {
      this.#leafIndex = this.#roundOf(this.#next);
      this.#demand = undefined;
      return undefined;
    }
    const tick = { index: this.#next, at: Math.max(now, demand.from), demand };
    this.#next = nextInShare(this.#share, this.#next);
    return tick;
  }

  /**
   * The index after an unlimited part. The number of operations of the other shares is unknown, so the numbering
   * continues with a whole round of all shares.
   */
  #roundOf(next: number): number {
    return next - this.#share.index;
  }

  override close(): void {
    super.close();
    this.#leaf = this.#leaves.length;
  }

  protected override drawable(): number {
    let first = this.#leafIndex;
    let next = this.#next;
    let endNs = this.#leafNs;
    let total = 0;
    for (const leaf of this.#leaves.slice(this.#leaf)) {
      endNs += leaf.durationNs;
      if (leaf.unlimited === true) {
        if (!this.#passed(endNs)) return Number.POSITIVE_INFINITY;
        first = this.#roundOf(next);
        continue;
      }
      const mine = countInShare(this.#share, first + leaf.count, next);
      total += mine;
      next = nextInShare(this.#share, next, mine);
      first += leaf.count;
    }
    return total;
  }

  protected override drawsOnDemand(): boolean {
    let first = this.#leafIndex;
    let endNs = this.#leafNs;
    for (const leaf of this.#leaves.slice(this.#leaf)) {
      endNs += leaf.durationNs;
      if (leaf.unlimited === true) {
        if (!this.#passed(endNs)) return true;
        first = this.#roundOf(this.#next);
      } else if (this.#next - first < leaf.count) return false;
      else first += leaf.count;
    }
    return false;
  }

  #passed(offsetNs: number): boolean {
    return this.#start !== undefined && this.#scheduler.now() >= this.#start + offsetNs / 1e6;
  }

  override finish(): EpochMs | undefined {
    return this.#start === undefined ? undefined : this.#start + this.#totalNs / 1e6;
  }
}
