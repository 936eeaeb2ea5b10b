import type { DialEntrant, DialGate } from './dialGate.js';
import type { Origin } from './origin.js';
import type { Dial, Wire, WireEvents } from './wire.js';

/** A wire that may have to wait for its turn to be dialled. */
class PacedWire implements Wire, WireEvents, DialEntrant {
  readonly #origin: Origin;
  readonly #events: WireEvents;
  readonly #dial: Dial;
  readonly #gate: DialGate;
  #wire: Wire | undefined;
  #dialled = false;
  #over = false;

  constructor(origin: Origin, events: WireEvents, dial: Dial, gate: DialGate) {
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
export function pacedDial(dial: Dial, gate: DialGate): Dial {
  return (origin, events) => new PacedWire(origin, events, dial, gate);
}
