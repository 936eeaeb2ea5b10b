import type { SchedulerAction, SchedulerLike, Subscription } from 'rxjs';
import type { EpochMs, Millis } from '../../../lib/core/units.js';

/** A span of plan time at one speed, up to the begin of the next. */
interface Segment {
  /** Its begin, in plan time and in real time. */
  readonly plan: EpochMs;
  readonly real: EpochMs;
  /** Plan milliseconds per real millisecond. */
  readonly speed: number;
}

/**
 * The time of a plan: real time that can be paused, sped up and slowed down. Every moment is computed from the last
 * change alone, so errors do not add up. A moment before a change of speed keeps its real moment. A pause also shifts
 * the moments before it, so it is not counted as a wait.
 *
 * A value: each change returns a new one. It has one entry for every change of speed before which an operation may
 * still be due.
 */
export class PlanTime {
  constructor(
    private readonly segments: readonly Segment[] = [{ plan: 0, real: 0, speed: 1 }],
    private readonly pausedAt?: EpochMs,
  ) {}

  get paused(): boolean {
    return this.pausedAt !== undefined;
  }

  get speed(): number {
    return this.#last.speed;
  }

  get #last(): Segment {
    return this.segments.at(-1) as Segment;
  }

  /** The moment of the plan at a real moment, which must not be before the last change. */
  planAt(real: EpochMs): EpochMs {
    const { plan, real: since, speed } = this.#last;
    return plan + ((this.pausedAt ?? real) - since) * speed;
  }

  /** The real moment of a moment of the plan; during a pause, as if it were over. */
  realAt(plan: EpochMs): EpochMs {
    let i = this.segments.length - 1;
    while (i > 0 && (this.segments[i] as Segment).plan > plan) i--;
    const segment = this.segments[i] as Segment;
    return segment.real + (plan - segment.plan) / segment.speed;
  }

  pause(now: EpochMs): PlanTime {
    return this.paused ? this : new PlanTime(this.segments, now);
  }

  resume(now: EpochMs): PlanTime {
    if (this.pausedAt === undefined) return this;
    const gap: Millis = now - this.pausedAt;
    return new PlanTime(this.segments.map((segment) => ({ ...segment, real: segment.real + gap })));
  }

  scale(now: EpochMs, factor: number): PlanTime {
    const next = { plan: this.planAt(now), real: this.pausedAt ?? now, speed: this.speed * factor };
    const replaces = this.segments.length > 1 && this.#last.plan === next.plan;
    return new PlanTime([...(replaces ? this.segments.slice(0, -1) : this.segments), next], this.pausedAt);
  }

  /** Drops the entries that are needed only for moments before `plan`. */
  from(plan: EpochMs): PlanTime {
    let first = 0;
    while (first + 1 < this.segments.length && (this.segments[first + 1] as Segment).plan <= plan) first++;
    return first === 0 ? this : new PlanTime(this.segments.slice(first), this.pausedAt);
  }
}

/** A scheduler whose `now` is plan time. */
export function planClock(scheduler: SchedulerLike, time: () => PlanTime): SchedulerLike {
  return {
    now: () => time().planAt(scheduler.now()),
    schedule<T>(work: (this: SchedulerAction<T>, state?: T) => void, delay?: number, state?: T): Subscription {
      return scheduler.schedule(work, delay, state);
    },
  };
}

/**
 * Moments at equal distances, each computed from its number, so errors do not add up. With a distance of `Infinity` there are none.
 */
export class SteadyRate {
  /** Number of the next moment, from 0. */
  #number = 0;

  /**
   * @param from Their begin.
   * @param every The distance of two moments.
   * @param phase The distance from `from` to the first moment, as a fraction of `every` from 0 to 1.
   */
  constructor(
    readonly from: EpochMs,
    readonly every: Millis,
    readonly phase: number,
  ) {}

  /** The next moment. */
  get next(): EpochMs {
    return Number.isFinite(this.every)
      ? this.from + (this.#number + this.phase) * this.every
      : Number.POSITIVE_INFINITY;
  }

  /** Continues with the moment after the next one. */
  advance(): void {
    this.#number++;
  }

  /** The distance from `moment`, which is not after the next one, to the next one, as a fraction of `every`. */
  left(moment: EpochMs): number {
    return Number.isFinite(this.every) ? (this.next - moment) / this.every : this.phase;
  }
}
