import {
  from,
  type Observable,
  type ObservableInput,
  type SchedulerAction,
  type SchedulerLike,
  Subscription,
} from 'rxjs';
import { type Cursor, DONE, PENDING, type Polled } from '../lib/core/cursor.js';
import type { Tick } from '../lib/core/tick.js';
import type { EpochMs, Millis } from '../lib/core/units.js';
import { openCursor } from '../lib/coreutil/openCursor.js';
import { type Command, command } from './command.js';
import type { ControlOptions } from './controlOptions.js';
import { PlanTime } from './planTime.js';
import { SteadyRate } from './steadyRate.js';

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
