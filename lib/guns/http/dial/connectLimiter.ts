import { type SchedulerLike, Subscription } from 'rxjs';
import type { EpochMs, Millis } from '../../../core/units.js';
import type { Origin } from '../origin.js';
import type { Connector, HttpSocket, HttpSocketEvents } from './connector.js';

/** Something that wants to dial. */
export interface ConnectWaiter {
  /** Its turn has come; told once, maybe before `enter` returns. */
  admitted(): void;
}

/** How many dials of a pool may be under way at once: less than the accept queue of most servers. */
const LIMIT = 256;
/** How long a dial that does not get anywhere keeps its place from others. */
const HOLD_MS: Millis = 50;

/**
 * Paces connect storms: 5,000 instances that start at once would overrun the target's accept queue, and dropped SYNs are
 * repeated a second later. At most {@link LIMIT} dials are under way, the others wait in the order in which they came.
 *
 * A dial gives up its place when it is over, and after 50 ms in any case. So a far or silent target is still dialled
 * 5,120 times a second, each with its full `dial.timeout`.
 */
export class ConnectLimiter {
  /** Dials under way and since when, oldest first. */
  readonly #underWay = new Map<ConnectWaiter, EpochMs>();
  readonly #waiting = new Set<ConnectWaiter>();
  /** Walks on through `waiting`: from the start it would pass the places of all who have left. */
  #queue: Iterator<ConnectWaiter> = this.#waiting.values();
  #timer = Subscription.EMPTY;

  constructor(
    readonly scheduler: SchedulerLike,
    readonly limit = LIMIT,
    readonly holdMs: Millis = HOLD_MS,
  ) {}

  /** Admits at once when there is a place and nobody waits for it, or else later. */
  enter(entrant: ConnectWaiter): void {
    this.#waiting.add(entrant);
    this.#admit();
  }

  /** The dial is over, or is not wanted any more. O(1). */
  leave(entrant: ConnectWaiter): void {
    if (this.#underWay.delete(entrant)) this.#admit();
    else if (this.#waiting.delete(entrant) && this.#waiting.size === 0) this.#timer.unsubscribe();
  }

  #admit(): void {
    while (this.#waiting.size > 0 && this.#underWay.size < this.limit) {
      const entrant = this.#first();
      this.#waiting.delete(entrant);
      this.#underWay.set(entrant, this.scheduler.now());
      entrant.admitted();
    }
    if (this.#waiting.size === 0) this.#timer.unsubscribe();
    else if (this.#timer.closed) this.#awaitOldest();
  }

  #first(): ConnectWaiter {
    const next = this.#queue.next();
    if (next.done !== true) return next.value;
    this.#queue = this.#waiting.values();
    return this.#queue.next().value as ConnectWaiter;
  }

  #awaitOldest(): void {
    for (const since of this.#underWay.values()) {
      const left = since + this.holdMs - this.scheduler.now();
      this.#timer = this.scheduler.schedule(() => this.#freeHeld(), Math.max(0, left));
      return;
    }
  }

  #freeHeld(): void {
    this.#timer = Subscription.EMPTY;
    const now = this.scheduler.now();
    for (const [entrant, since] of this.#underWay) {
      // A timer may fire a fraction of a millisecond early.
      if (since + this.holdMs - now >= 1) break;
      this.#underWay.delete(entrant);
    }
    this.#admit();
  }
}

/** A wire that may have to wait for its turn to be dialled. */
class PacedSocket implements HttpSocket, HttpSocketEvents, ConnectWaiter {
  readonly #origin: Origin;
  readonly #events: HttpSocketEvents;
  readonly #dial: Connector;
  readonly #gate: ConnectLimiter;
  #wire: HttpSocket | undefined;
  #dialled = false;
  #over = false;

  constructor(origin: Origin, events: HttpSocketEvents, dial: Connector, gate: ConnectLimiter) {
    this.#origin = origin;
    this.#events = events;
    this.#dial = dial;
    this.#gate = gate;
    gate.enter(this);
  }

  get pending(): boolean {
    return this.#wire?.pending === true;
  }

  write(bytes: Uint8Array, written?: () => void): void {
    this.#wire?.write(bytes, written);
  }

  destroy(): void {
    this.#over = true;
    this.#leave();
    this.#wire?.destroy();
  }

  admitted(): void {
    try {
      this.#wire = this.#dial(this.#origin, this);
    } catch (error) {
      // Not at once: it may be another dial's end that admits this one, and nothing may be told before a dial returned.
      this.#gate.scheduler.schedule(() => this.failed(error as Error));
    }
  }

  opened(): void {
    this.#leave();
    this.#events.opened();
  }

  received(bytes: Uint8Array, length: number): void {
    this.#events.received(bytes, length);
  }

  finished(): void {
    if (this.#over) return;
    this.#leave();
    this.#events.finished();
  }

  failed(error: Error): void {
    if (this.#over) return;
    this.#leave();
    this.#events.failed(error);
  }

  #leave(): void {
    if (this.#dialled) return;
    this.#dialled = true;
    this.#gate.leave(this);
  }
}

/** Dials when the gate has room. A destroyed wire leaves the queue. */
export function pacedDial(dial: Connector, gate: ConnectLimiter): Connector {
  return (origin, events) => new PacedSocket(origin, events, dial, gate);
}
