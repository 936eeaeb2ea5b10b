import type { Writable } from 'node:stream';
import { type Cursor, DONE, PENDING, type Polled } from '../../core/cursor.js';
import type { Provider } from '../../core/provider.js';
import { ForwardingCursor } from '../../pull/baseCursor.js';
import { openCursor } from '../../pull/openCursor.js';
import { Pullable } from '../../pull/pullable.js';
import { Ring } from '../../pull/ring.js';

/**
 * The protocol between the clock, the {@link VirtualGate} and the cursors of ammo.
 *
 * ```text
 * clock                gate                         cursor
 *   |-- refill() ------->|-- refill() --------------->|  fills its buffer; false while the source has too little
 *   |                    |<------- true from all -----|
 *   |                    |-- wake() ----------------->|  consumers that wait poll again, in a fixed order
 *   |-- runs work while open() ...                    |  draws; below LOW values it asks for a refill: open() is false
 *   |-- leaveToTime() -->|-- leaveToTime() ---------->|  after 1 s of real time without ammo: no longer waited for
 * ```
 */
export interface Gated {
  /** Fills the buffer when a refill was requested. Returns false while virtual time must wait for the source. */
  refill(): boolean;
  /** Wakes the consumer that waits, if there is one. */
  wake(): void;
  /** Makes virtual time no longer wait for this source. */
  leaveToTime(): void;
  /** True while a consumer waits for ammo that arrives with virtual time. */
  readonly waitedFor: boolean;
}

/**
 * Decides whether virtual time may advance. It cannot advance while ammo is read or a result is written, so a rehearsal
 * does not depend on the time that these take.
 */
export class VirtualGate {
  readonly #cursors = new Set<Gated>();
  #streams: Writable[] = [];
  /** How many cursors have requested a refill. */
  refilling = 0;
  #leftToTime = false;

  add(cursor: Gated): void {
    this.#cursors.add(cursor);
  }

  remove(cursor: Gated): void {
    this.#cursors.delete(cursor);
  }

  /** Tracks a sink from its opening to its close. */
  watch(stream: Writable): void {
    this.#streams.push(stream);
  }

  /** True when the next action may run. */
  readonly open = (): boolean => this.refilling === 0 && this.written() && !this.stepwise();

  /** True while the event loop must run after each action, because the action may produce ammo. */
  stepwise(): boolean {
    if (!this.#leftToTime) return false;
    for (const cursor of this.#cursors) if (cursor.waitedFor) return true;
    return false;
  }

  /** True when all bytes passed to sinks have been written, and every ended sink has closed. */
  written(): boolean {
    for (const stream of this.#streams) {
      if (stream.closed) {
        this.#streams = this.#streams.filter(({ closed }) => !closed);
        return this.written();
      }
      if (stream.writableLength > 0 || stream.writableEnded) return false;
    }
    return true;
  }

  /** Refills all cursors. When all have enough, wakes the waiting consumers in a fixed order. */
  refill(): boolean {
    let enough = true;
    for (const cursor of this.#cursors) enough = cursor.refill() && enough;
    if (enough) for (const cursor of [...this.#cursors]) cursor.wake();
    return enough;
  }

  /** Stops waiting for ammo that does not arrive; virtual time advances without it. */
  leaveToTime(): void {
    this.#leftToTime = true;
    for (const cursor of this.#cursors) if (!cursor.refill()) cursor.leaveToTime();
  }
}

/** With fewer values in its buffer, a cursor requests a refill and virtual time stops. */
const LOW = 1024;
const HIGH = 2 * LOW;

/** The source can be polled, has nothing yet, or has ended. */
type SourceState = 'ready' | 'pending' | 'ended' | 'failed';

/** The buffer has enough, or virtual time stops until it has. */
type Supply = 'enough' | 'refilling';

/** Virtual time waits for the source, or the source itself waits for virtual time (or for ammo that is released). */
type Waiting = 'for-source' | 'for-time';

/**
 * Ammo from real input in virtual time. The buffer is large enough that a consumer almost never waits, so the time of
 * reading does not change a rehearsal.
 */
class GatedCursor<A> extends ForwardingCursor<A> implements Gated {
  readonly #buffer = new Ring<A>();
  readonly #gate: VirtualGate;
  readonly #onExhausted: () => void;
  #state: SourceState = 'ready';
  #supply: Supply = 'enough';
  #waiting: Waiting = 'for-source';
  #error: unknown;
  #wake: (() => void) | undefined;

  constructor(inner: Cursor<A>, gate: VirtualGate, onExhausted: () => void) {
    super(inner);
    this.#gate = gate;
    this.#onExhausted = onExhausted;
    gate.add(this);
  }

  protected override draw(): Polled<A> {
    if (this.#buffer.length === 0) this.#fill();
    const found = this.#buffer.length > 0;
    const value = this.#buffer.shift();
    if (this.#buffer.length < LOW) this.#askForRefill();
    if (found) return value as A;
    if (this.#state === 'failed') throw this.#error;
    if (this.#state !== 'ended') return PENDING;
    this.#onExhausted();
    return DONE;
  }

  #askForRefill(): void {
    if (this.#supply === 'refilling' || !this.#awaited) return;
    this.#supply = 'refilling';
    this.#gate.refilling++;
  }

  /** True while virtual time may have to wait for the source. */
  get #awaited(): boolean {
    return (this.#state === 'ready' || this.#state === 'pending') && this.#waiting === 'for-source';
  }

  #fill(): void {
    try {
      while (this.#state === 'ready' && this.#buffer.length < HIGH) {
        const polled = this.source.poll();
        if (polled === PENDING) {
          this.#state = 'pending';
          this.source.whenReady(() => this.#arrived());
        } else if (polled === DONE) this.#state = 'ended';
        else this.#buffer.push(polled);
      }
    } catch (error) {
      this.#state = 'failed';
      this.#error = error;
    }
  }

  #arrived(): void {
    if (this.#state === 'pending') this.#state = 'ready';
    if (this.#waiting === 'for-time') this.wake();
  }

  refill(): boolean {
    if (this.#supply === 'enough') return true;
    if (this.#awaited) this.#fill();
    if (this.#awaited && this.#buffer.length < LOW) return false;
    this.#supply = 'enough';
    this.#gate.refilling--;
    return true;
  }

  wake(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  get waitedFor(): boolean {
    return this.#waiting === 'for-time' && this.#wake !== undefined;
  }

  leaveToTime(): void {
    this.#waiting = 'for-time';
  }

  override whenReady(wake: () => void): void {
    this.#wake = wake;
  }

  override release(value: A): void {
    this.source.release(value);
  }

  /** False: values are buffered ahead of demand. */
  protected override drawsOnDemand(): boolean {
    return false;
  }

  protected override drawable(): number | undefined {
    if (this.#state === 'failed') return undefined;
    if (this.#state === 'ended') return this.#buffer.length;
    const left = this.source.left();
    return left === undefined ? undefined : left + this.#buffer.length;
  }

  override close(): void {
    this.#wake = undefined;
    if (this.#supply === 'refilling') this.#gate.refilling--;
    this.#supply = 'enough';
    this.#gate.remove(this);
    super.close();
  }
}

/**
 * A provider for which virtual time waits.
 *
 * @param onExhausted Called when a consumer needed ammo and there was no more.
 */
export function gatedProvider<A>(provider: Provider<A>, gate: VirtualGate, onExhausted: () => void): Provider<A> {
  return new Pullable<A>(
    (scheduler) => new GatedCursor(openCursor(provider, scheduler, {}, 'ammo'), gate, onExhausted),
  );
}
