import type { FromShare, ShareCounters } from './protocol.js';

/** The largest number of messages that wait for credit; one more fails the share. */
const MAX_WAITING = 1024;

type PoolProgressMessage = Extract<FromShare, { type: 'event' }>;

function progressOf(message: FromShare): PoolProgressMessage | undefined {
  return message.type === 'event' && message.event.type === 'progress' ? message : undefined;
}

/**
 * The messages of a share to its coordinator. Their number is bounded by the credit from the coordinator. Without
 * credit
 *
 * - a line of the log is dropped and counted,
 * - a progress event replaces the waiting one of the same pool, and is counted,
 * - other events and windows of conditions wait, up to 1024 of them; one more drops them all and calls `onOverflow`.
 */
export class Outbox {
  readonly #waiting: FromShare[] = [];
  #credit = Number.POSITIVE_INFINITY;
  /** Sends the last message when nothing waits, once. */
  #sendLast: (() => void) | undefined;
  #logsDropped = 0;
  #progressReplaced = 0;

  constructor(
    private readonly send: (message: FromShare) => void,
    private readonly onOverflow: (limit: number) => void,
  ) {}

  get counters(): Omit<ShareCounters, 'longestSinkWaitMs'> {
    return { logsDropped: this.#logsDropped, progressReplaced: this.#progressReplaced };
  }

  /** Before this there is no limit. */
  limit(credit: number): void {
    this.#credit = credit;
  }

  /** Adds credit: the coordinator has received this many messages. */
  received(messages: number): void {
    this.#credit += messages;
    while (this.#credit > 0 && this.#waiting.length > 0) this.#spend(this.#waiting.shift() as FromShare);
    this.#sendLast?.();
  }

  post(message: FromShare): void {
    if (this.#sendLast !== undefined) return;
    if (this.#credit > 0) this.#spend(message);
    else if (message.type === 'log') this.#logsDropped++;
    else if (!this.#replaceProgress(message)) this.#wait(message);
  }

  /** Sends the last message after all waiting ones. Nothing is sent after it, and `sent` is called once. */
  end(word: FromShare, sent: () => void): void {
    if (this.#sendLast !== undefined) return;
    this.#sendLast = () => {
      if (this.#waiting.length > 0) return;
      this.#sendLast = () => undefined;
      this.send(word);
      sent();
    };
    this.#sendLast();
  }

  #spend(message: FromShare): void {
    this.#credit--;
    this.send(message);
  }

  #replaceProgress(message: FromShare): boolean {
    const pool = progressOf(message)?.event.pool;
    const older = pool === undefined ? -1 : this.#waiting.findIndex((each) => progressOf(each)?.event.pool === pool);
    if (older < 0) return false;
    this.#waiting.splice(older, 1);
    this.#waiting.push(message);
    this.#progressReplaced++;
    return true;
  }

  #wait(message: FromShare): void {
    if (this.#waiting.push(message) <= MAX_WAITING) return;
    this.#waiting.length = 0;
    this.onOverflow(MAX_WAITING);
  }
}
