import {
  from,
  type Observable,
  type ObservableInput,
  type SchedulerAction,
  type SchedulerLike,
  Subscription,
} from 'rxjs';
import { type Cursor, DONE, PENDING, type Polled } from '../../lib/core/cursor.js';
import type { Share } from '../../lib/core/deps.js';
import type { Tick } from '../../lib/core/plan.js';
import type { EpochMs, Millis } from '../../lib/core/units.js';
import type { BacklogOptions } from '../../lib/pull/backlog.js';
import { openCursor } from '../../lib/pull/openCursor.js';
import { type Command, command } from './command.js';

/** How {@link control} steers. */
export interface ControlOptions {
  /** Bounds of the backlog when the ticks are pushed instead of pulled. */
  readonly backlog?: BacklogOptions<Tick>;
  /** The part of the run that the ticks are: a rate that is set is that of the whole run. Default: all of it. */
  readonly share?: Share;
  /** Time for subscribers; a pulling consumer brings its own. Default: real time. */
  readonly scheduler?: SchedulerLike;
}

/** A stretch of plan time that runs at one speed, up to where the next one begins. */
interface Stretch {
  /** Where it begins, in plan time and in real time. */
  readonly plan: EpochMs;
  real: EpochMs;
  /** Plan milliseconds per real millisecond. */
  readonly speed: number;
}

/**
 * The time that a plan lives in: real time that can be paused and hurried. Every moment is computed from the last change
 * alone, so errors don't add up. What was due before a change keeps its real moment; a pause shifts what was due before
 * it, too: who was waiting is not made to have waited longer.
 *
 * It keeps one entry for every change of speed that an operation is still waiting from.
 */
export class PlanTime {
  #stretches: Stretch[] = [{ plan: 0, real: 0, speed: 1 }];
  #pausedAt: EpochMs | undefined;

  get paused(): boolean {
    return this.#pausedAt !== undefined;
  }

  get speed(): number {
    return this.#last.speed;
  }

  get #last(): Stretch {
    return this.#stretches.at(-1) as Stretch;
  }

  /** The moment of the plan at a real moment, which must not be before the last change. */
  planAt(real: EpochMs): EpochMs {
    const { plan, real: since, speed } = this.#last;
    return plan + ((this.#pausedAt ?? real) - since) * speed;
  }

  /** The real moment of a moment of the plan; during a pause, as if it were over. */
  realAt(plan: EpochMs): EpochMs {
    let i = this.#stretches.length - 1;
    while (i > 0 && (this.#stretches[i] as Stretch).plan > plan) i--;
    const stretch = this.#stretches[i] as Stretch;
    return stretch.real + (plan - stretch.plan) / stretch.speed;
  }

  pause(now: EpochMs): void {
    this.#pausedAt ??= now;
  }

  resume(now: EpochMs): void {
    if (this.#pausedAt === undefined) return;
    const gap: Millis = now - this.#pausedAt;
    for (const stretch of this.#stretches) stretch.real += gap;
    this.#pausedAt = undefined;
  }

  scale(now: EpochMs, factor: number): void {
    const next = { plan: this.planAt(now), real: this.#pausedAt ?? now, speed: this.#last.speed * factor };
    if (this.#stretches.length > 1 && this.#last.plan === next.plan) this.#stretches.pop();
    this.#stretches.push(next);
  }

  /** Nobody will ask for moments of the plan before this one any more. */
  forgetBefore(plan: EpochMs): void {
    while (this.#stretches.length > 1 && (this.#stretches[1] as Stretch).plan <= plan) this.#stretches.shift();
  }
}

/** Moments at equal distances, each computed from its number, so errors don't add up. A distance of `Infinity` has none. */
export class SteadyRate {
  #next = 0;

  /**
   * @param from Where it begins.
   * @param every The distance of two moments.
   * @param phase How much of a distance there is from `from` to the first moment, from 0 to 1.
   */
  constructor(
    readonly from: EpochMs,
    readonly every: Millis,
    readonly phase: number,
  ) {}

  /** The next moment. */
  get next(): EpochMs {
    return Number.isFinite(this.every) ? this.from + (this.#next + this.phase) * this.every : Number.POSITIVE_INFINITY;
  }

  /** Goes on to the moment after it. */
  advance(): void {
    this.#next++;
  }

  /** How much of a distance is left from `moment`, which is not after the next one, to the next one. */
  left(moment: EpochMs): number {
    return Number.isFinite(this.every) ? (this.next - moment) / this.every : this.phase;
  }
}

/** Nearer than this is now: rounding must not cost a timer. */
const NOW_MS: Millis = 1e-3;

/** A change of what is played from a moment of the plan on: another rate, or nothing any more. */
interface Change {
  readonly from: EpochMs;
  /** Distance of two ticks in plan time; undefined ends the plan. */
  readonly every: Millis | undefined;
}

/**
 * Plays the ticks of a source in a {@link PlanTime} that commands steer. A tick is handed out when it is due and never
 * before, so that a command concerns every tick that has not been handed out.
 */
export class ControlCursor implements Cursor<Tick> {
  readonly #time = new PlanTime();
  readonly #source: Cursor<Tick>;
  readonly #commands = new Subscription();
  readonly #stride: number;
  /** Changes that the ticks have not come to yet. */
  #changes: Change[] = [];
  #rate: SteadyRate | undefined;
  /** The next tick of the source, in plan time. */
  #held: Tick | undefined;
  #sourceState: typeof PENDING | typeof DONE | undefined;
  /** When the last tick was due, in plan time. */
  #last: EpochMs | undefined;
  /** Index of the next tick of a rate that was set. */
  #index: number;
  #begun = false;
  #ended = false;
  #error: { readonly cause: unknown } | undefined;
  #wake: (() => void) | undefined;
  /** What the last poll answered PENDING for. */
  #until: EpochMs | undefined;
  #timer = Subscription.EMPTY;
  readonly #awake = (): void => {
    const wake = this.#wake;
    this.#wake = undefined;
    this.#until = undefined;
    this.#timer.unsubscribe();
    wake?.();
  };

  constructor(
    ticks: Observable<Tick>,
    commands: ObservableInput<Command>,
    private readonly scheduler: SchedulerLike,
    { backlog, share = { index: 0, of: 1 } }: ControlOptions,
  ) {
    this.#stride = share.of;
    this.#index = share.index;
    const planTime: SchedulerLike = {
      now: () => this.#time.planAt(scheduler.now()),
      schedule<T>(work: (this: SchedulerAction<T>, state?: T) => void, delay?: number, state?: T): Subscription {
        return scheduler.schedule(work, delay, state);
      },
    };
    const error = (cause: unknown): void => {
      this.#error = { cause };
      this.#awake();
    };
    this.#source = openCursor(ticks, planTime, { ...backlog, onError: error });
    this.#commands.add(
      from(commands).subscribe({
        next: (value) => {
          try {
            this.#obey(command.check(value), scheduler.now());
          } catch (cause) {
            this.#commands.unsubscribe();
            error(cause);
          }
        },
        error,
      }),
    );
  }

  #obey(order: Command, now: EpochMs): void {
    if (order.type === 'pause') this.#time.pause(now);
    else if (order.type === 'resume') this.#time.resume(now);
    else if (order.type === 'scale') this.#time.scale(now, order.factor);
    else if (order.type === 'rate') this.#change(now, (1000 * this.#time.speed * this.#stride) / order.perSecond);
    else {
      this.#time.resume(now);
      this.#change(now, undefined);
    }
    this.#awake();
  }

  #change(now: EpochMs, every: Millis | undefined): void {
    const moment = this.#time.planAt(now);
    if (this.#changes.at(-1)?.from === moment) this.#changes.pop();
    this.#changes.push({ from: moment, every });
  }

  poll(): Polled<Tick> {
    if (this.#error !== undefined) throw this.#error.cause;
    this.#until = undefined;
    if (this.#ended) return DONE;
    if (this.#time.paused) return PENDING;
    const now = this.scheduler.now();
    // What is asked for before the plan starts concerns all of it.
    if (!this.#begun) this.#changes = this.#changes.map((change) => ({ ...change, from: this.#time.planAt(now) }));
    this.#begun = true;
    for (;;) {
      const next = this.#next();
      const change = this.#changes[0];
      if (change === undefined || next < change.from) return this.#answer(next, now);
      this.#changes.shift();
      this.#apply(change, next);
      if (this.#ended) return DONE;
    }
  }

  /** When the next tick is due, in plan time; `Infinity` when there is none, or none yet. */
  #next(): EpochMs {
    if (this.#rate === undefined) return this.#peek()?.at ?? Number.POSITIVE_INFINITY;
    const { next } = this.#rate;
    const finish = this.#source.finish?.();
    if (finish !== undefined) return next < finish ? next : Number.POSITIVE_INFINITY;
    // Nobody knows when the plan ends, so it is played on underneath.
    const due = Math.min(next, this.#time.planAt(this.scheduler.now()));
    for (let tick = this.#peek(); tick !== undefined && tick.at <= due; tick = this.#peek()) this.#held = undefined;
    return this.#sourceState === DONE ? Number.POSITIVE_INFINITY : next;
  }

  #peek(): Tick | undefined {
    if (this.#held !== undefined || this.#sourceState === DONE) return this.#held;
    const polled = this.#source.poll();
    this.#sourceState = polled === PENDING || polled === DONE ? polled : undefined;
    if (polled !== PENDING && polled !== DONE) this.#held = polled;
    return this.#held;
  }

  /** The interval between two ticks that is under way is finished at the new rate, so it is neither cut nor repeated. */
  #apply({ from: moment, every }: Change, next: EpochMs): void {
    this.#ended = every === undefined;
    if (every === undefined) return;
    let phase = this.#rate?.left(moment) ?? 0;
    if (this.#rate === undefined) {
      const end = Number.isFinite(next) ? next : this.#source.finish?.();
      const whole = end === undefined || this.#last === undefined ? 0 : end - this.#last;
      if (whole > 0) phase = ((end as EpochMs) - moment) / whole;
      this.#index = this.#held?.index ?? this.#index;
      this.#held = undefined;
    }
    this.#rate = new SteadyRate(moment, every, Math.min(1, Math.max(0, phase)));
  }

  #answer(next: EpochMs, now: EpochMs): Polled<Tick> {
    if (!Number.isFinite(next)) return this.#wait(now);
    this.#time.forgetBefore(next);
    const due = this.#time.realAt(next);
    if (due - now > NOW_MS) {
      this.#until = Math.min(due, this.#underneath() ?? due);
      return PENDING;
    }
    const at = Math.min(due, now);
    const tick = this.#rate === undefined ? this.#held : undefined;
    const index = tick?.index ?? this.#index;
    this.#index = index + this.#stride;
    this.#last = next;
    if (this.#rate === undefined) this.#held = undefined;
    else this.#rate.advance();
    return tick?.at === at ? tick : { index, at };
  }

  /** There is no tick: the plan goes on without one, the source has none yet, or it is over. */
  #wait(now: EpochMs): Polled<Tick> {
    const finish = this.finish();
    if (finish === undefined) this.#until = this.#underneath();
    if (finish !== undefined && finish - now > NOW_MS) this.#until = finish;
    else if (this.#sourceState === DONE || (finish !== undefined && this.#rate !== undefined)) {
      this.#ended = true;
      return DONE;
    }
    return PENDING;
  }

  /** When the plan that is played on underneath a rate has its next tick. */
  #underneath(): EpochMs | undefined {
    return this.#held === undefined ? undefined : this.#time.realAt(this.#held.at);
  }

  whenReady(wake: () => void): void {
    this.#wake = wake;
    this.#timer.unsubscribe();
    const until = this.#until ?? (this.#exhausted() ? this.finish() : undefined);
    const delay = until === undefined ? 0 : until - this.scheduler.now();
    if (delay > 0) this.#timer = this.scheduler.schedule(this.#awake, delay);
    if (this.#sourceState === PENDING) this.#source.whenReady(this.#awake);
  }

  #exhausted(): boolean {
    if (this.#time.paused || this.#changes.length > 0) return false;
    if (this.#rate !== undefined) return this.#rate.next >= (this.#source.finish?.() ?? Number.POSITIVE_INFINITY);
    return this.#held === undefined && (this.#sourceState === DONE || this.#source.left?.() === 0);
  }

  left(): number | undefined {
    if (this.#ended) return 0;
    return this.#exhausted() && (this.finish() ?? 0) <= this.scheduler.now() ? 0 : undefined;
  }

  onDemand(): boolean {
    if (this.#rate !== undefined || this.#held !== undefined || this.#changes.length > 0) return false;
    return this.#source.onDemand?.() === true;
  }

  finish(): EpochMs | undefined {
    const finish = this.#source.finish?.();
    return finish === undefined || this.#ended ? undefined : this.#time.realAt(finish);
  }

  close(): void {
    this.#ended = true;
    this.#wake = undefined;
    this.#timer.unsubscribe();
    this.#commands.unsubscribe();
    this.#source.close();
  }
}
