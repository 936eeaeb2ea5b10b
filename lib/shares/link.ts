import { Observable, type SchedulerLike, type Subscriber } from 'rxjs';
import { ElpisError } from '../core/errors.js';
import type { Millis } from '../core/units.js';

/**
 * One end of a two-way connection that carries plain data, in order.
 *
 * - `send` returns without waiting. Messages sent after a `close` of either end are dropped.
 * - `messages` MUST be subscribed to once; earlier messages wait. It completes after the last message when either end
 *   has closed, and errors when the connection breaks.
 * - Closing twice is the same as closing once.
 */
export interface Link<In, Out> {
  send(message: Out): void;
  readonly messages: Observable<In>;
  close(): void;
}

/** Options of {@link memoryLinks}. */
export interface MemoryLinkOptions {
  /** The scheduler that delivers each message. Default: at once, in the call of `send`. */
  readonly scheduler?: SchedulerLike;
  /** The time a message takes, in milliseconds; needs a scheduler. Default 0. */
  readonly delayMs?: Millis;
  /** The largest number of messages that wait in one direction; one more breaks the connection. Default 4096. */
  readonly capacity?: number;
}

/** The messages of one direction, from `send` until they are read. */
class Mailbox<T> {
  /** Messages that were sent and not read. */
  readonly #waiting: T[] = [];
  /** How many of them have arrived. */
  #arrived = 0;
  #reader: Subscriber<T> | undefined;
  #delivering = false;
  #closed = false;
  /** Set when the close has arrived. */
  #end: ((reader: Subscriber<T>) => void) | undefined;

  readonly messages = new Observable<T>((reader) => {
    this.#reader = reader;
    this.#deliver();
  });

  constructor(
    private readonly capacity: number,
    private readonly later: (work: () => void) => void,
  ) {}

  /** Returns false when the queue is full. After a close the message is dropped. */
  send(message: T): boolean {
    if (this.#closed) return true;
    if (this.#waiting.length >= this.capacity) return false;
    this.#waiting.push(structuredClone(message));
    this.later(() => {
      this.#arrived++;
      this.#deliver();
    });
    return true;
  }

  /** The reader receives the earlier messages, and then the error or the completion. */
  close(failure?: ElpisError): void {
    if (this.#closed) return;
    this.#closed = true;
    this.later(() => {
      this.#end = (reader) => (failure === undefined ? reader.complete() : reader.error(failure));
      this.#deliver();
    });
  }

  /** A message that arrives while another is handled is delivered after it. */
  #deliver(): void {
    const reader = this.#reader;
    if (reader === undefined || this.#delivering) return;
    this.#delivering = true;
    while (this.#arrived > 0) {
      this.#arrived--;
      reader.next(this.#waiting.shift() as T);
    }
    this.#delivering = false;
    this.#end?.(reader);
  }
}

/**
 * Two ends of a connection in memory. Messages are cloned as between threads, so that values that cannot be sent to a
 * thread cannot be sent here either.
 *
 * @example
 * const [here, there] = memoryLinks<string, number>();
 * there.messages.subscribe((count) => there.send(`${count} received`));
 * here.messages.subscribe(console.log);
 * here.send(1); // 1 received
 */
export function memoryLinks<A, B>(options: MemoryLinkOptions = {}): [Link<A, B>, Link<B, A>] {
  const { scheduler, delayMs = 0, capacity = 4096 } = options;
  const later = (work: () => void): void => {
    if (scheduler === undefined) work();
    else scheduler.schedule(work, delayMs);
  };
  const toFirst = new Mailbox<A>(capacity, later);
  const toSecond = new Mailbox<B>(capacity, later);
  const close = (failure?: ElpisError): void => {
    toFirst.close(failure);
    toSecond.close(failure);
  };
  const endOf = <In, Out>(incoming: Mailbox<In>, outgoing: Mailbox<Out>): Link<In, Out> => ({
    send: (message) => {
      if (outgoing.send(message)) return;
      close(
        new ElpisError('ELPIS_SHARE', `a link in memory is full: ${capacity} messages wait`, {
          hint: 'read the messages of the other end, or raise capacity',
        }),
      );
    },
    messages: incoming.messages,
    close: () => close(),
  });
  return [endOf(toFirst, toSecond), endOf(toSecond, toFirst)];
}
