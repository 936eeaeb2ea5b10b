import type { SchedulerLike, Subscription } from 'rxjs';
import { ElpisError, isElpisError } from '../../core/errors.js';
import type { EpochMs, Millis } from '../../core/units.js';
import type { Bus } from '../bus.js';
import { packBodies, packFrame } from './frame.js';

/** The wait after a message that was not stored. */
const RETRY_MS: Millis = 250;

/** A message that NATS has refused for so long will not be stored. */
const REFUSED_MS: Millis = 10_000;

/** The largest number of messages that wait to be stored. */
export const MAX_WAITING = 4096;

/** A list of messages is closed when its text is so long. */
const LIST_CHARACTERS = 256 * 1024;

/** Options of a {@link JournalWriter}. */
export interface JournalWriterOptions {
  /** The beginning of the ids of its frames. */
  readonly id: string;
  readonly scheduler: SchedulerLike;
  /** The number of frames that the subject has, and the position of the last. Default: none. */
  readonly after?: { readonly number: number; readonly position: number };
  /** Called with the messages that are stored. */
  readonly stored?: (messages: readonly object[]) => void;
  /** Called once, when too many messages wait, or when NATS has refused one for 10 s. */
  readonly failed: (error: ElpisError) => void;
}

/**
 * Writes messages to one subject of the journal, in order. Each frame is numbered and is appended until it is stored, so
 * nothing is lost and nothing is stored twice while NATS is restarted or cannot be reached. Messages that arrive meanwhile
 * wait, and become one list: the number of round trips does not grow with the number of messages. A message that NATS refuses, such as
 * for a full storage, is appended again for 10 s; then the writer fails.
 */
export class JournalWriter {
  readonly #waiting: object[] = [];
  readonly #bus: Bus;
  readonly #subject: string;
  readonly #options: JournalWriterOptions;
  #number: number;
  #position: number;
  #storing = false;
  #closed = false;
  #retry: Subscription | undefined;
  #idle: (() => void)[] = [];

  constructor(bus: Bus, subject: string, options: JournalWriterOptions) {
    this.#bus = bus;
    this.#subject = subject;
    this.#options = options;
    const { number, position } = options.after ?? { number: 0, position: 0 };
    this.#number = number;
    this.#position = position;
  }

  /** The number of the last stored frame. */
  get number(): number {
    return this.#number;
  }

  send(message: object): void {
    if (this.#closed) return;
    if (this.#waiting.push(message) > MAX_WAITING)
      this.#fail(
        new ElpisError('ELPIS_MESH', `${MAX_WAITING} messages wait to be stored by NATS`, {
          hint: 'check the connection to NATS, and that JetStream has room',
        }),
      );
    else void this.#store();
  }

  /** Resolves when nothing waits. */
  flushed(): Promise<void> {
    if (this.#closed || (!this.#storing && this.#waiting.length === 0)) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  /** Drops what waits. */
  close(): void {
    this.#closed = true;
    this.#waiting.length = 0;
    this.#retry?.unsubscribe();
    this.#settle();
  }

  #fail(error: ElpisError): void {
    if (this.#closed) return;
    this.close();
    this.#options.failed(error);
  }

  #settle(): void {
    for (const done of this.#idle.splice(0)) done();
  }

  /** The next messages, and their list as text. */
  #nextList(): readonly [messages: readonly object[], text: string] {
    const texts: string[] = [];
    let length = 0;
    for (const message of this.#waiting) {
      const text = JSON.stringify(message);
      texts.push(text);
      length += text.length;
      if (length > LIST_CHARACTERS) break;
    }
    return [this.#waiting.splice(0, texts.length), `[${texts.join(',')}]`];
  }

  async #store(): Promise<void> {
    if (this.#storing) return;
    this.#storing = true;
    while (this.#waiting.length > 0) {
      const [messages, text] = this.#nextList();
      const bodies = packBodies(text, this.#bus.maxBytes);
      for (const [i, body] of bodies.entries()) await this.#append(body, i < bodies.length - 1);
      if (this.#closed) return;
      this.#options.stored?.(messages);
    }
    this.#storing = false;
    this.#settle();
  }

  async #append(body: Uint8Array, more: boolean): Promise<void> {
    const number = this.#number + 1;
    const data = packFrame({ number, previous: this.#position, more, body });
    let refusedAt: EpochMs | undefined;
    while (!this.#closed) {
      try {
        this.#position = await this.#bus.append(this.#subject, `${this.#options.id}:${number}`, data);
        this.#number = number;
        return;
      } catch (error) {
        // NATS is restarted, or cannot be reached. The same frame is appended again; its id keeps it from being stored twice.
        const now = this.#options.scheduler.now();
        refusedAt = isElpisError(error) ? (refusedAt ?? now) : undefined;
        if (isElpisError(error) && refusedAt !== undefined && now - refusedAt >= REFUSED_MS) {
          this.#fail(error);
          return;
        }
        await new Promise<void>((resolve) => {
          this.#retry = this.#options.scheduler.schedule(() => resolve(), RETRY_MS);
          this.#retry.add(() => resolve());
        });
      }
    }
  }
}
