import { type Cursor, DONE, PENDING, type Polled } from '../core/cursor.js';
import type { Tick } from '../core/plan.js';
import type { EpochMs } from '../core/units.js';
import { Pullable } from '../pull/pullable.js';

/**
 * A schedule under the control of a test: a tick is returned only after `load`, and every take, return and close is
 * recorded. Subscribed to instead of pulled, it emits each tick at its moment.
 *
 * @example
 * const schedule = new FakeSchedule();
 * schedule.load(0, 100, 250).finish(300);
 */
export class FakeSchedule extends Pullable<Tick> {
  readonly taken: Tick[] = [];
  readonly givenBack: Tick[] = [];
  opened = 0;
  closed = 0;
  readonly #queue: Tick[] = [];
  #loaded = 0;
  #finished = false;
  #finishAt: EpochMs | undefined;
  #error: { readonly cause: unknown } | undefined;
  #wake: (() => void) | undefined;

  constructor() {
    super(() => this.#cursor(), { dueAt: ({ at }) => at });
  }

  /** Makes ticks available, each with its intended moment; they are numbered in order. */
  load(...moments: readonly EpochMs[]): this {
    for (const at of moments) this.#queue.push({ index: this.#loaded++, at });
    return this.#awake();
  }

  /** Ends the ticks. @param at When the schedule ends, if that is after its last tick. */
  finish(at?: EpochMs): this {
    this.#finished = true;
    this.#finishAt = at;
    return this.#awake();
  }

  /** Makes the schedule fail when its loaded ticks are used up. */
  fail(cause: unknown): this {
    this.#error = { cause };
    return this.#awake();
  }

  #awake(): this {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
    return this;
  }

  #draw(): Polled<Tick> {
    const tick = this.#queue.shift();
    if (tick !== undefined) {
      this.taken.push(tick);
      return tick;
    }
    if (this.#error !== undefined) throw this.#error.cause;
    return this.#finished ? DONE : PENDING;
  }

  #cursor(): Cursor<Tick> {
    this.opened++;
    return {
      pushed: true,
      reuses: false,
      poll: () => this.#draw(),
      whenReady: (wake) => {
        this.#wake = wake;
      },
      left: () => (this.#finished ? this.#queue.length : undefined),
      onDemand: () => false,
      giveBack: (tick) => {
        this.givenBack.push(tick);
        this.#queue.unshift(tick);
      },
      release: () => undefined,
      finish: () => this.#finishAt,
      close: () => {
        this.closed++;
      },
    };
  }
}
