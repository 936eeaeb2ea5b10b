import { from, type Observable, type ObservableInput, type SchedulerLike, Subscription, tap } from 'rxjs';
import { type Cursor, DONE, PENDING, type Polled } from '../../../lib/core/cursor.js';
import { type Share, WHOLE } from '../../../lib/core/deps.js';
import type { Tick } from '../../../lib/core/plan.js';
import type { EpochMs } from '../../../lib/core/units.js';
import type { BacklogOptions } from '../../../lib/pull/backlogCursor.js';
import { BaseCursor } from '../../../lib/pull/baseCursor.js';
import { openCursor } from '../../../lib/pull/openCursor.js';
import { Pullable } from '../../../lib/pull/pullable.js';
import { type Command, command } from '../command.js';
import { ControlState, DRAW } from './controlState.js';
import { planClock } from './planTime.js';

/**
 * Plays the ticks of a source under commands. {@link ControlState} decides on the ticks and their moments; this adds
 * the source, the commands, a clock and one timer.
 */
export class ControlCursor extends BaseCursor<Tick> {
  readonly #state: ControlState;
  readonly #source: Cursor<Tick>;
  readonly #commands = new Subscription();
  #error: { readonly cause: unknown } | undefined;
  #wake: (() => void) | undefined;
  /** When the last poll, which returned PENDING, should be repeated. */
  #until: EpochMs | undefined;
  #timer = Subscription.EMPTY;
  /** The last reading of the clock. What was due then is due now, so several ticks that are due need one reading. */
  #seen: EpochMs = Number.NEGATIVE_INFINITY;
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
    private readonly options: { readonly backlog?: BacklogOptions<Tick>; readonly share?: Share },
  ) {
    super();
    this.#state = new ControlState(options.share ?? WHOLE);
    const planTime = planClock(scheduler, () => this.#state.time);
    const onError = (cause: unknown): void => this.#fail(cause);
    // While a drawn tick waits for its moment, the poll after it throws.
    const onSourceError = (cause: unknown): void => {
      if (this.#state.held === undefined) this.#fail(cause);
    };
    // A pause may never end, so it does not delay an error of pushed ticks.
    const duringPause = tap<Tick>({ error: (cause) => this.#state.time.paused && this.#fail(cause) });
    const watched = ticks instanceof Pullable ? ticks : ticks.pipe(duringPause);
    this.#source = openCursor(watched, planTime, { ...options.backlog, onError: onSourceError }, 'ticks');
    this.#commands.add(from(commands).subscribe({ next: (value) => this.#obey(value), error: onError }));
  }

  /** Ticks arrive at their own time. */
  override get pushed(): boolean {
    return true;
  }

  #obey(value: Command): void {
    try {
      this.#state.steer(command.check(value), this.scheduler.now());
      this.#awake();
    } catch (cause) {
      this.#commands.unsubscribe();
      this.#fail(cause);
    }
  }

  #fail(cause: unknown): void {
    this.#error ??= { cause };
    this.#awake();
  }

  /** As in the base class, but with a call of `draw` that only cursors of this class use: it is inlined (12 ns a tick). */
  override poll(): Polled<Tick> {
    return this.returned > 0 ? super.poll() : this.draw();
  }

  protected override draw(): Polled<Tick> {
    if (this.#error !== undefined) throw this.#failure(this.#error.cause);
    if (this.#state.isPlain) {
      const polled = this.#source.poll();
      if (typeof polled !== 'symbol' && polled.at > this.#seen) this.#seen = this.scheduler.now();
      if (this.#state.passes(polled, this.#seen)) return polled;
    } else this.#state.again();
    return this.#decided(this.scheduler.now());
  }

  #decided(now: EpochMs): Polled<Tick> {
    for (;;) {
      // A source that has just begun, or that has its own commands, may now have another end.
      if (this.#state.asksFinish) this.#state.sourceFinish = this.#source.finish();
      const step = this.#state.next(now);
      this.#until = this.#state.until;
      if (step !== DRAW) return step;
      this.#state.drawn(this.#source.poll());
    }
  }

  /** Drops the ticks that will not be emitted, and returns the error to throw. */
  #failure(cause: unknown): unknown {
    const { onDiscard } = this.options.backlog ?? {};
    if (!this.#source.pushed || onDiscard === undefined) return cause;
    try {
      if (this.#state.held !== undefined) onDiscard(this.#state.held);
      for (let tick = this.#source.poll(); tick !== PENDING && tick !== DONE; tick = this.#source.poll())
        onDiscard(tick);
    } catch (error) {
      return error;
    }
    return cause;
  }

  override whenReady(wake: () => void): void {
    this.#wake = wake;
    this.#timer.unsubscribe();
    const until = this.#until ?? (this.#exhausted ? this.finish() : undefined);
    // Real time passes between the poll and this call, so the moment may have passed.
    if (until !== undefined) {
      this.#timer = this.scheduler.schedule(this.#awake, Math.max(0, until - this.scheduler.now()));
    }
    if (this.#state.isPending) this.#source.whenReady(this.#awake);
  }

  get #exhausted(): boolean {
    this.#state.sourceFinish = this.#source.finish();
    return this.#state.isExhausted(this.#source.left());
  }

  protected override drawable(): number | undefined {
    if (this.#state.isOver || this.#error !== undefined) return 0;
    return this.#exhausted && (this.finish() ?? 0) <= this.scheduler.now() ? 0 : undefined;
  }

  protected override drawsOnDemand(): boolean {
    return this.#state.isUnsteered && this.#source.onDemand();
  }

  override finish(): EpochMs | undefined {
    this.#state.sourceFinish = this.#source.finish();
    return this.#state.finish;
  }

  override close(): void {
    super.close();
    this.#state.end();
    this.#wake = undefined;
    this.#timer.unsubscribe();
    this.#commands.unsubscribe();
    this.#source.close();
  }
}
