import type { SchedulerLike } from 'rxjs';
import { blame } from '../core/blame.js';
import { type Cursor, DONE, type Polled } from '../core/cursor.js';
import type { Share } from '../core/deps.js';
import type { Plan, Tick } from '../core/plan.js';
import type { EpochMs } from '../core/units.js';
import { planLeaves } from '../plans/support.js';
import { Pullable } from './pullable.js';

/** How a plan is played. */
export interface ScheduleOptions {
  /** When the plan starts, or who says it when the first tick is asked for. Default: then. */
  readonly startAt?: EpochMs | (() => EpochMs | undefined);
  /** Which stripe of the operations is played. Default: all. */
  readonly share?: Share;
  /** Time for subscribers; a pulling consumer brings its own. Default: real time. */
  readonly scheduler?: SchedulerLike;
}

/**
 * Plays a plan by pull: every tick has its exact planned time, however early or late it is asked for. An unlimited part
 * answers ticks for "now" until its time has passed. A share takes every `of`-th operation of the global numbering.
 */
export class PlanCursor implements Cursor<Tick> {
  readonly #scheduler: SchedulerLike;
  readonly #leaves: readonly Plan[];
  readonly #stride: number;
  readonly #startAt: ScheduleOptions['startAt'];
  #start: EpochMs | undefined;
  #leaf = 0;
  /** Global index of the first operation of the current leaf, and its offset in time. */
  #leafIndex = 0;
  #leafNs = 0;
  /** Global index of the next operation of this share. */
  #next: number;

  constructor(plan: Plan, scheduler: SchedulerLike, { startAt, share }: ScheduleOptions = {}) {
    this.#leaves = planLeaves(plan);
    this.#scheduler = scheduler;
    this.#startAt = startAt;
    this.#stride = share?.of ?? 1;
    this.#next = share?.index ?? 0;
  }

  poll(): Polled<Tick> {
    this.#start ??= this.#startsAt() ?? this.#scheduler.now();
    try {
      return this.#poll(this.#start);
    } catch (error) {
      throw blame(error, {}, { code: 'ELPIS_SCHEDULE', what: 'the schedule failed' });
    }
  }

  #poll(start: EpochMs): Polled<Tick> {
    for (;;) {
      const leaf = this.#leaves[this.#leaf];
      if (leaf === undefined) return DONE;
      const tick = leaf.unlimited === true ? this.#unlimited(leaf, start) : this.#counted(leaf, start);
      if (tick !== undefined) return tick;
      this.#leafNs += leaf.durationNs;
      this.#leaf++;
    }
  }

  #startsAt(): EpochMs | undefined {
    return typeof this.#startAt === 'function' ? this.#startAt() : this.#startAt;
  }

  #counted(leaf: Plan, start: EpochMs): Tick | undefined {
    const local = this.#next - this.#leafIndex;
    if (local >= leaf.count) {
      this.#leafIndex += leaf.count;
      return undefined;
    }
    const tick = { index: this.#next, at: start + (this.#leafNs + leaf.atNs(local)) / 1e6 };
    this.#next += this.#stride;
    return tick;
  }

  #unlimited(leaf: Plan, start: EpochMs): Tick | undefined {
    const from = start + this.#leafNs / 1e6;
    const now = this.#scheduler.now();
    if (now >= from + leaf.durationNs / 1e6) {
      // Nobody counts the operations of an unlimited part over all shares, so the numbering goes on in whole strides.
      this.#leafIndex = this.#next - (this.#next % this.#stride);
      return undefined;
    }
    const tick = { index: this.#next, at: Math.max(now, from) };
    this.#next += this.#stride;
    return tick;
  }

  whenReady(): void {
    throw new TypeError('a plan is never pending');
  }

  close(): void {
    this.#leaf = this.#leaves.length;
  }

  left(): number {
    let first = this.#leafIndex;
    let next = this.#next;
    let endNs = this.#leafNs;
    let total = 0;
    for (const leaf of this.#leaves.slice(this.#leaf)) {
      endNs += leaf.durationNs;
      if (leaf.unlimited === true) {
        if (!this.#passed(endNs)) return Number.POSITIVE_INFINITY;
        first = next - (next % this.#stride);
        continue;
      }
      const mine = Math.max(0, Math.ceil((first + leaf.count - next) / this.#stride));
      total += mine;
      next += mine * this.#stride;
      first += leaf.count;
    }
    return total;
  }

  onDemand(): boolean {
    let first = this.#leafIndex;
    let endNs = this.#leafNs;
    for (const leaf of this.#leaves.slice(this.#leaf)) {
      endNs += leaf.durationNs;
      if (leaf.unlimited === true) {
        if (!this.#passed(endNs)) return true;
        first = this.#next - (this.#next % this.#stride);
      } else if (this.#next - first < leaf.count) return false;
      else first += leaf.count;
    }
    return false;
  }

  #passed(offsetNs: number): boolean {
    return this.#start !== undefined && this.#scheduler.now() >= this.#start + offsetNs / 1e6;
  }

  finish(): EpochMs | undefined {
    const totalNs = this.#leaves.reduce((sum, leaf) => sum + leaf.durationNs, 0);
    return this.#start === undefined ? undefined : this.#start + totalNs / 1e6;
  }
}

/**
 * A stream of ticks over a plan: subscribing starts it, each tick is an operation that is due, and completion is the
 * plan's finish time. Pulled, it answers each tick when it is asked for, ahead of or behind its time.
 */
export class Schedule extends Pullable<Tick> {
  constructor(
    /** The mathematics behind the ticks. */
    readonly plan: Plan,
    /** How it is played. */
    readonly options: ScheduleOptions = {},
  ) {
    super((scheduler): Cursor<Tick> => new PlanCursor(plan, scheduler, options), {
      dueAt: (tick) => tick.at,
      ...(options.scheduler === undefined ? {} : { scheduler: options.scheduler }),
    });
  }
}
