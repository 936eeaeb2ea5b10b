import type { Writable } from 'node:stream';
import { type Cursor, DONE, PENDING, type Polled } from '../../core/cursor.js';
import type { Provider } from '../../core/provider.js';
import { ForwardingCursor } from '../../pull/baseCursor.js';
import { openCursor } from '../../pull/openCursor.js';
import { Pullable } from '../../pull/pullable.js';
import { Ring } from '../../pull/ring.js';

/** Who is waited for: takes more in hand when it is told to, and wakes its consumer. */
export interface Gated {
  /** False while more must be waited for. */
  settle(): boolean;
  awake(): void;
  trust(): void;
  /** True while somebody waits for ammo that comes with virtual time. */
  readonly waitedFor: boolean;
}

/**
 * Where virtual time meets the real world: it says whether time may go on. It may not while ammo is being read or a result
 * is being written, so nothing in a rehearsal depends on how long those take.
 */
export class VirtualGate {
  readonly #cursors = new Set<Gated>();
  #streams: Writable[] = [];
  /** How many cursors have called for more. */
  called = 0;
  #trusting = false;

  add(cursor: Gated): void {
    this.#cursors.add(cursor);
  }

  remove(cursor: Gated): void {
    this.#cursors.delete(cursor);
  }

  /** Watches a sink that was opened, until it has closed. */
  watch(stream: Writable): void {
    this.#streams.push(stream);
  }

  /** Whether the next piece of work may run. */
  readonly open = (): boolean => this.called === 0 && this.written() && !this.careful();

  /** True while the real world should have its turn after each piece of work, since that may bring ammo. */
  careful(): boolean {
    if (!this.#trusting) return false;
    for (const cursor of this.#cursors) if (cursor.waitedFor) return true;
    return false;
  }

  /** True when everything that was handed to a sink has been written, and every sink that was ended has closed. */
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

  /** Has the cursors take more in hand; when all have, who waits is woken, in a fixed order. */
  settle(): boolean {
    let settled = true;
    for (const cursor of this.#cursors) settled = cursor.settle() && settled;
    if (settled) for (const cursor of [...this.#cursors]) cursor.awake();
    return settled;
  }

  /** Gives up waiting for the ammo that does not come: it is then left to virtual time. */
  trust(): void {
    this.#trusting = true;
    for (const cursor of this.#cursors) if (!cursor.settle()) cursor.trust();
  }
}

/** Below so many values in hand, virtual time stands still until there are more. */
const LOW = 1024;
const HIGH = 2 * LOW;

/**
 * Ammo from the real world in virtual time: so much of it is kept in hand that a consumer practically never has to wait, so
 * the time that reading takes changes nothing in a rehearsal.
 */
class GatedCursor<A> extends ForwardingCursor<A> {
  readonly #inHand = new Ring<A>();
  readonly #gate: VirtualGate;
  readonly #onDry: () => void;
  #pending = false;
  #done = false;
  #failure: { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;
  /** True when it is not waited for any more: its ammo seems to come with virtual time, or as other ammo is released. */
  #trusted = false;
  /** True from the call for more until it has come. */
  #called = false;

  constructor(inner: Cursor<A>, gate: VirtualGate, onDry: () => void) {
    super(inner);
    this.#gate = gate;
    this.#onDry = onDry;
    gate.add(this);
  }

  protected override draw(): Polled<A> {
    if (this.#inHand.length === 0 && !this.#pending) this.#fill();
    const found = this.#inHand.length > 0;
    const value = this.#inHand.shift();
    if (this.#inHand.length < LOW) this.#call();
    if (found) return value as A;
    if (this.#failure !== undefined) throw this.#failure.error;
    if (!this.#done) return PENDING;
    this.#onDry();
    return DONE;
  }

  #call(): void {
    if (this.#called || this.#over) return;
    this.#called = true;
    this.#gate.called++;
  }

  get #over(): boolean {
    return this.#done || this.#failure !== undefined || this.#trusted;
  }

  #fill(): void {
    try {
      while (!this.#done && this.#inHand.length < HIGH) {
        const polled = this.source.poll();
        if (polled === PENDING) {
          this.#pending = true;
          this.source.whenReady(() => this.#arrived());
          return;
        }
        if (polled === DONE) this.#done = true;
        else this.#inHand.push(polled);
      }
    } catch (error) {
      this.#failure = { error };
    }
  }

  #arrived(): void {
    this.#pending = false;
    if (this.#trusted) this.awake();
  }

  /** Takes more in hand. False while that must be waited for. */
  settle(): boolean {
    if (!this.#called) return true;
    if (!this.#pending && !this.#over) this.#fill();
    if (!this.#over && this.#inHand.length < LOW) return false;
    this.#called = false;
    this.#gate.called--;
    return true;
  }

  /** Wakes the consumer that waits, if one does. */
  awake(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  get waitedFor(): boolean {
    return this.#trusted && this.#wake !== undefined;
  }

  /** Is not waited for any more. */
  trust(): void {
    this.#trusted = true;
  }

  override whenReady(wake: () => void): void {
    this.#wake = wake;
  }

  override release(value: A): void {
    this.source.release(value);
  }

  /** It is taken ahead of demand. */
  protected override drawsOnDemand(): boolean {
    return false;
  }

  protected override drawable(): number | undefined {
    if (this.#failure !== undefined) return undefined;
    if (this.#done) return this.#inHand.length;
    const left = this.source.left();
    return left === undefined ? undefined : left + this.#inHand.length;
  }

  override close(): void {
    this.#wake = undefined;
    if (this.#called) this.#gate.called--;
    this.#called = false;
    this.#gate.remove(this);
    super.close();
  }
}

/**
 * A provider whose reading makes virtual time wait.
 *
 * @param onDry Told when somebody asked for ammo and there was no more.
 */
export function gatedProvider<A>(provider: Provider<A>, gate: VirtualGate, onDry: () => void): Provider<A> {
  return new Pullable<A>((scheduler) => new GatedCursor(openCursor(provider, scheduler, {}, 'ammo'), gate, onDry));
}
