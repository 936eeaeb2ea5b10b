import { Observable, type SchedulerLike, Subscription } from 'rxjs';
import type { Log } from '../../core/deps.js';
import { describeError } from '../../core/errorContext.js';
import type { Millis } from '../../core/units.js';
import type { RunHandle } from '../../engine/runHandle.js';

/** The receiver has responded that it will never take these values, so sending them again is of no use. */
export class RefusedError extends Error {}

/** Options of {@link deliver}. */
export interface DeliverOptions<T> {
  /** The name of the output in messages, such as `influx at http://localhost:8086`. */
  readonly name: string;
  /** The name of the values in messages, such as `windows`. */
  readonly unit: string;
  /**
   * Sends values to the receiver; rejects when it does not take them, with a {@link RefusedError} when it never will. It must
   * end when the signal is aborted. Calls do not overlap.
   */
  readonly send: (values: readonly T[], signal: AbortSignal) => Promise<void>;
  /** The largest number of values that wait; beyond it the oldest is dropped and counted. */
  readonly limit: number;
  /** The largest number of values in one call of `send`. */
  readonly batch: number;
  readonly log: Pick<Log, 'warn' | 'info'>;
  readonly handle: Pick<RunHandle, 'annotate'>;
  readonly scheduler: SchedulerLike;
}

/** A call of `send` that takes longer has failed. */
export const SEND_TIMEOUT_MS: Millis = 2000;
const FIRST_WAIT_MS: Millis = 500;
const LONGEST_WAIT_MS: Millis = 10_000;
/** After the end of the run, values are sent for at most so long. It is less than a run waits for its observers. */
const LAST_MS: Millis = 3500;

/** One output of one run: the queue, and what it lost. */
class Delivery<T> {
  readonly #queue: T[] = [];
  readonly #timers = new Subscription();
  #total = 0;
  #dropped = 0;
  #sending: { readonly controller: AbortController; readonly values: readonly T[] } | undefined;
  #waiting = false;
  #waitMs = FIRST_WAIT_MS;
  #lastError = '';
  #down = false;
  #onDone: (() => void) | undefined;

  constructor(private readonly options: DeliverOptions<T>) {}

  offer(value: T): void {
    this.#total++;
    this.#queue.push(value);
    if (this.#queue.length > this.options.limit) {
      this.#queue.shift();
      this.#dropped++;
    }
    this.#pump();
  }

  /** Calls back when everything is sent, or the time for it is over. */
  end(onDone: () => void): void {
    this.#onDone = onDone;
    this.#waitMs = FIRST_WAIT_MS;
    this.#timers.add(this.options.scheduler.schedule(() => this.#giveUp(), LAST_MS));
    this.#waiting = false;
    this.#pump();
    this.#doneIfEmpty();
  }

  close(): void {
    this.#timers.unsubscribe();
    this.#sending?.controller.abort();
  }

  #pump(): void {
    const { batch, send, scheduler } = this.options;
    if (this.#sending !== undefined || this.#waiting || this.#queue.length === 0 || this.#timers.closed) return;
    const values = this.#queue.splice(0, batch);
    const controller = new AbortController();
    this.#sending = { controller, values };
    let over = false;
    const once = (then: () => void) => (): void => {
      if (over) return;
      over = true;
      timeout.unsubscribe();
      this.#timers.remove(timeout);
      this.#sending = undefined;
      if (!this.#timers.closed) then();
    };
    const failed = (error: unknown): void => once(() => this.#failed(values, error))();
    const timeout = scheduler.schedule(() => {
      failed(new Error(`no response within ${SEND_TIMEOUT_MS / 1000} s`));
      controller.abort();
    }, SEND_TIMEOUT_MS);
    this.#timers.add(timeout);
    try {
      send(values, controller.signal).then(
        once(() => this.#sent()),
        failed,
      );
    } catch (error) {
      failed(error);
    }
  }

  #sent(): void {
    if (this.#down) this.options.log.info(`${this.options.name}: receives ${this.options.unit} again`);
    this.#down = false;
    this.#waitMs = FIRST_WAIT_MS;
    this.#pump();
    this.#doneIfEmpty();
  }

  #failed(values: readonly T[], error: unknown): void {
    const { limit, name, unit, log, handle, scheduler } = this.options;
    const refused = error instanceof RefusedError;
    if (refused) this.#dropped += values.length;
    else this.#queue.unshift(...values);
    const over = Math.max(0, this.#queue.length - limit);
    this.#queue.splice(0, over);
    this.#dropped += over;
    this.#lastError = describeError(error);
    if (!this.#down) {
      const then = refused ? `${values.length} are dropped` : `up to ${limit} are kept and sent later`;
      const text = `${name}: ${unit} cannot be sent: ${this.#lastError}; ${then}`;
      log.warn(text);
      handle.annotate(text);
    }
    this.#down = true;
    this.#waiting = true;
    this.#timers.add(
      scheduler.schedule(() => {
        this.#waiting = false;
        this.#pump();
      }, this.#waitMs),
    );
    this.#waitMs = Math.min(LONGEST_WAIT_MS, this.#waitMs * 2);
    this.#doneIfEmpty();
  }

  #giveUp(): void {
    this.#dropped += this.#queue.length + (this.#sending?.values.length ?? 0);
    if (this.#sending !== undefined) this.#lastError ||= 'no response';
    this.#queue.length = 0;
    this.#finish();
  }

  #doneIfEmpty(): void {
    if (this.#onDone !== undefined && this.#sending === undefined && this.#queue.length === 0) this.#finish();
  }

  #finish(): void {
    const { name, unit, log } = this.options;
    const onDone = this.#onDone;
    this.#onDone = undefined;
    if (onDone === undefined) return;
    if (this.#dropped > 0) {
      const cause = this.#lastError === '' ? 'it is too slow' : this.#lastError;
      log.warn(`${name}: ${this.#dropped} of ${this.#total} ${unit} were not sent: ${cause}`, { output: name });
    }
    onDone();
  }
}

/**
 * Sends values to a receiver that may be slow, down, or never there, one call after another. It never blocks the source, never
 * fails the run, and keeps at most `limit` values.
 *
 * - A call that rejects, or takes longer than 2 s, is repeated after 0.5 s, 1 s, 2 s, ... up to 10 s, with its values first. Values that
 *   the receiver refuses by a {@link RefusedError} are dropped and counted instead, so that they do not block the ones behind them.
 * - The first failure in a row is a warning and an annotation of the run.
 * - When the source completes, what waits is sent for at most 3.5 s; then the number of values that were not sent is a warning.
 *
 * @returns Emits nothing; completes after the source.
 */
export function deliver<T>(options: DeliverOptions<T>): (values: Observable<T>) => Observable<never> {
  return (values) =>
    new Observable<never>((destination) => {
      const delivery = new Delivery(options);
      destination.add(() => delivery.close());
      destination.add(
        values.subscribe({
          next: (value) => delivery.offer(value),
          error: (error: unknown) => destination.error(error),
          complete: () => delivery.end(() => destination.complete()),
        }),
      );
    });
}
