import type { SchedulerLike, Subscription } from 'rxjs';
import type { Connector, HttpSocket, HttpSocketEvents } from './connector.js';

/** A connection to a target that exists only in memory: every write is one request, and has the same response. */
class MemorySocket implements HttpSocket {
  readonly pending = false;
  #written: (() => void) | undefined;
  #next: Subscription;

  constructor(
    private readonly events: HttpSocketEvents,
    private readonly response: Uint8Array,
    private readonly scheduler: SchedulerLike,
  ) {
    this.#next = scheduler.schedule(() => events.opened());
  }

  write(_bytes: Uint8Array, written?: () => void): void {
    this.#written = written;
    this.#next = this.scheduler.schedule(() => this.#respond());
  }

  destroy(): void {
    this.#next.unsubscribe();
  }

  #respond(): void {
    this.#written?.();
    this.events.received(this.response, this.response.length);
  }
}

/**
 * Connections that are open in the next turn of the event loop, and whose requests have a response one turn later.
 * Nothing leaves the process.
 *
 * @param response The bytes of each response.
 */
export const memoryConnector =
  (response: Uint8Array, scheduler: SchedulerLike): Connector =>
  (_origin, events) =>
    new MemorySocket(events, response, scheduler);
