import { DONE, PENDING, type Polled } from '../../../lib/core/cursor.js';
import { nextInShare, nthOfShare, type Share } from '../../../lib/core/deps.js';
import type { Tick } from '../../../lib/core/plan.js';
import type { EpochMs, Millis } from '../../../lib/core/units.js';
import type { Command } from '../command.js';
import { PlanTime, SteadyRate } from './planTime.js';

/** A nearer moment counts as now, so that rounding does not start a timer. */
const NOW_MS: Millis = 1e-3;

/** A change that takes effect at a moment of the plan: another rate, or the end. */
interface Change {
  from: EpochMs;
  /** Distance of two ticks in plan time; undefined ends the plan. */
  readonly every: Millis | undefined;
}

/** Result of {@link ControlState.next} when the source must be polled first. */
export const DRAW: unique symbol = Symbol('elpis.draw');

/** The source has not been polled for its next tick. */
const UNREAD: unique symbol = Symbol('elpis.unread');

const clamped = (phase: number): number => Math.min(1, Math.max(0, phase));

/**
 * The state and the arithmetic of ticks under commands. It has no clock, no source and no timer: the moment, the
 * result of a poll and the end of the source are parameters. Moments of the plan are in plan time.
 */
export class ControlState {
  /** `new`: no tick was polled yet, so commands apply to the whole plan. `over`: the plan has ended. */
  #phase: 'new' | 'playing' | 'over' = 'new';
  /** True after the first command: moments of the plan may differ from those of real time. */
  #steered = false;
  #time = new PlanTime();
  /** Changes that have not taken effect yet, in the order of their moments. */
  readonly #changes: Change[] = [];
  /** The ticks that replace those of the source after a command `rate`. */
  #rate: SteadyRate | undefined;
  /** The next tick of the source, in plan time; or the other result of its last poll; or `UNREAD`. */
  #head: Polled<Tick> | typeof UNREAD = UNREAD;
  /** The end of the source, as far as known. */
  #finish: EpochMs | undefined;
  /** When the last tick was due. */
  #last: EpochMs | undefined;
  /** Index of the next tick of a rate. */
  #index: number;
  #until: EpochMs | undefined;

  constructor(private readonly share: Share) {
    this.#index = nthOfShare(share, 0);
  }

  get time(): PlanTime {
    return this.#time;
  }

  get isOver(): boolean {
    return this.#phase === 'over';
  }

  /** The next tick of the source, in plan time, if it was polled. */
  get held(): Tick | undefined {
    return typeof this.#head === 'symbol' ? undefined : this.#head;
  }

  /** True when the last poll of the source returned PENDING. */
  get isPending(): boolean {
    return this.#head === PENDING;
  }

  /** When to call {@link next} again after it returned PENDING; `undefined`: not before a command or a tick of the source. */
  get until(): EpochMs | undefined {
    return this.#until;
  }

  /** True while the ticks of the source are not replaced, and the next of them was not polled. */
  get isUnsteered(): boolean {
    return this.#rate === undefined && this.#changes.length === 0 && this.held === undefined;
  }

  /** When the plan ends, in real time, if that is known. */
  get finish(): EpochMs | undefined {
    return this.#finish === undefined || this.#phase === 'over' ? undefined : this.#time.realAt(this.#finish);
  }

  /**
   * True when the result of {@link next} may depend on the end of the source: not while it emits the ticks of the
   * source.
   */
  get asksFinish(): boolean {
    return this.#rate !== undefined || this.#changes.length > 0 || this.#head === PENDING || this.#head === DONE;
  }

  /** Sets the end of the source, if it is known. */
  set sourceFinish(finish: EpochMs | undefined) {
    this.#finish = finish;
  }

  /** Executes a command. */
  steer(command: Command, now: EpochMs): void {
    this.#steered = true;
    switch (command.type) {
      case 'pause':
        this.#time = this.#time.pause(now);
        break;
      case 'resume':
        this.#time = this.#time.resume(now);
        break;
      case 'scale':
        this.#time = this.#time.scale(now, command.factor);
        break;
      case 'rate':
        this.#change(now, (1000 * this.#time.speed * this.share.of) / command.perSecond);
        break;
      case 'stop':
        this.#time = this.#time.resume(now);
        this.#change(now, undefined);
    }
  }

  #change(now: EpochMs, every: Millis | undefined): void {
    const from = this.#time.planAt(now);
    if (this.#changes.at(-1)?.from === from) this.#changes.pop();
    this.#changes.push({ from, every });
  }

  /** Ends the plan. */
  end(): void {
    this.#phase = 'over';
  }

  /** Before another try: a source that had no tick may have one now. */
  again(): void {
    if (this.#head === PENDING) this.#head = UNREAD;
  }

  /** True when {@link passes} may be called with the next poll of the source, instead of {@link next}. */
  get isPlain(): boolean {
    return this.#phase === 'playing' && !this.#steered && this.#head === UNREAD;
  }

  /**
   * The short way of a tick before the first command: a due tick is emitted as it is.
   *
   * @param polled The result of a poll of the source, which is recorded as by {@link drawn}.
   * @returns False when {@link next} must decide.
   */
  passes(polled: Polled<Tick>, now: EpochMs): polled is Tick {
    // The poll itself may have caused a command.
    if (this.#steered || typeof polled === 'symbol' || !(polled.at <= now)) {
      this.#head = polled;
      return false;
    }
    this.#last = polled.at;
    this.#index = nextInShare(this.share, polled.index);
    return true;
  }

  /** Records the result of a poll of the source. */
  drawn(polled: Polled<Tick>): void {
    this.#head = polled;
  }

  /**
   * Decides what to do at `now`, which is not before the last command. After DRAW, call {@link drawn} and then `next` again; after
   * PENDING, wait for {@link until}.
   */
  next(now: EpochMs): Polled<Tick> | typeof DRAW {
    this.#until = undefined;
    if (this.#phase === 'over') return DONE;
    if (this.#time.paused) return PENDING;
    if (this.#phase === 'new') this.#start(now);
    for (;;) {
      if (this.#isOvertaken(now)) this.#head = UNREAD;
      if (this.#mustDraw()) return DRAW;
      const moment = this.#nextMoment();
      const change = this.#changes[0];
      if (change === undefined || moment < change.from) return this.#emit(moment, now);
      this.#changes.shift();
      if (change.every === undefined) this.#phase = 'over';
      else this.#setRate(change.from, change.every, moment);
      if (this.#phase === 'over') return DONE;
    }
  }

  /** Commands before the start apply to the whole plan. */
  #start(now: EpochMs): void {
    this.#phase = 'playing';
    for (const change of this.#changes) change.from = this.#time.planAt(now);
  }

  /** A source with an unknown end is still played under a rate: ticks whose moment has passed are dropped. */
  #isOvertaken(now: EpochMs): boolean {
    if (this.#rate === undefined || this.#finish !== undefined || this.held === undefined) return false;
    return this.held.at <= Math.min(this.#rate.next, this.#time.planAt(now));
  }

  #mustDraw(): boolean {
    return this.#head === UNREAD && (this.#rate === undefined || this.#finish === undefined);
  }

  /** When the next tick is due; `Infinity` when there is none, or none yet. */
  #nextMoment(): EpochMs {
    if (this.#rate === undefined) return this.held?.at ?? Number.POSITIVE_INFINITY;
    const beforeEnd = this.#finish === undefined ? this.#head !== DONE : this.#rate.next < this.#finish;
    return beforeEnd ? this.#rate.next : Number.POSITIVE_INFINITY;
  }

  /** The current interval between two ticks is finished at the new rate, so it is neither cut nor repeated. */
  #setRate(from: EpochMs, every: Millis, moment: EpochMs): void {
    if (this.#rate !== undefined) {
      this.#rate = new SteadyRate(from, every, clamped(this.#rate.left(from)));
      return;
    }
    const end = Number.isFinite(moment) ? moment : this.#finish;
    const last = this.#last;
    const phase = end !== undefined && last !== undefined && end > last ? (end - from) / (end - last) : 0;
    this.#rate = new SteadyRate(from, every, clamped(phase));
    this.#index = this.held?.index ?? this.#index;
    // The next tick is replaced, but shows the progress of a source with an unknown end.
    if (this.held !== undefined && this.#finish !== undefined) this.#head = UNREAD;
  }

  #emit(moment: EpochMs, now: EpochMs): Polled<Tick> {
    if (!Number.isFinite(moment)) return this.#nothing(now);
    this.#time = this.#time.from(moment);
    const due = this.#time.realAt(moment);
    if (due - now > NOW_MS) {
      this.#until = Math.min(due, this.#underneath() ?? due);
      return PENDING;
    }
    const at = Math.min(due, now);
    const own = this.#rate === undefined ? this.held : undefined;
    const index = own?.index ?? this.#index;
    if (this.#rate === undefined) this.#head = UNREAD;
    else this.#rate.advance();
    this.#last = moment;
    this.#index = nextInShare(this.share, index);
    return own?.at === at ? own : { index, at };
  }

  /** Without a tick: the plan continues, the source has none yet, or it has ended. */
  #nothing(now: EpochMs): Polled<Tick> {
    const { finish } = this;
    if (finish !== undefined && finish - now > NOW_MS) {
      this.#until = finish;
      return PENDING;
    }
    if (this.#head === DONE || (finish !== undefined && this.#rate !== undefined)) {
      this.#phase = 'over';
      return DONE;
    }
    if (finish === undefined) this.#until = this.#underneath();
    return PENDING;
  }

  /** The next tick of the source that is played under a rate, in real time. */
  #underneath(): EpochMs | undefined {
    return this.held === undefined ? undefined : this.#time.realAt(this.held.at);
  }

  /** True when there is no tick before the end, unless a command changes that. @param left How many the source has left. */
  isExhausted(left: number | undefined): boolean {
    if (this.#time.paused || this.#changes.length > 0) return false;
    if (this.#rate !== undefined) return this.#rate.next >= (this.#finish ?? Number.POSITIVE_INFINITY);
    return this.#head === DONE || (this.held === undefined && left === 0);
  }
}
