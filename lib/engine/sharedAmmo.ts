import type { Observable, SchedulerLike } from 'rxjs';
import { blame } from '../core/blame.js';
import { type Cursor, DONE, type Polled } from '../core/cursor.js';
import type { Culprit } from '../core/errors.js';
import { openCursor } from '../pull/openCursor.js';
import { Pullable } from '../pull/pullable.js';
import { calling } from './pool.js';

/**
 * One reading of a provider, shared by all who pull it: each ammo goes to whoever asks first. It is opened at the first
 * demand, tells when the ammo is finished, and is closed by its owner, once.
 */
export class SharedAmmo<A> {
  readonly #provider: Observable<A>;
  readonly #onFinished: () => void;
  #waiting: (() => void)[] = [];
  #cursor: Cursor<A> | undefined;
  #closed = false;

  constructor(
    provider: Observable<A>,
    onFinished: () => void = () => undefined,
    private readonly component?: Culprit['component'],
  ) {
    this.#provider = provider;
    this.#onFinished = onFinished;
  }

  /** The shared reading, to be pulled by any number of consumers. */
  readonly ammo: Pullable<A> = new Pullable<A>((scheduler) => this.#consumer(scheduler));

  #consumer(scheduler: SchedulerLike): Cursor<A> {
    this.#cursor ??= openCursor(this.#provider, scheduler);
    const cursor = this.#cursor;
    let wake: (() => void) | undefined;
    return {
      poll: () => this.#poll(cursor),
      whenReady: (callback) => {
        wake = callback;
        if (this.#waiting.push(() => wake?.()) === 1) cursor.whenReady(() => this.#wakeAll());
      },
      close: () => {
        wake = undefined;
      },
      giveBack: (ammo) => cursor.giveBack?.(ammo),
      release: (ammo) => cursor.release?.(ammo),
    };
  }

  #poll(cursor: Cursor<A>): Polled<A> {
    if (this.#closed) return DONE;
    try {
      const polled = cursor.poll();
      if (polled === DONE) this.#finished();
      return polled;
    } catch (cause) {
      this.#wakeAll();
      throw blame(
        cause,
        { component: this.component },
        { code: 'ELPIS_AMMO', what: `${calling(this.component, 'the provider')} failed` },
      );
    }
  }

  #finished(): void {
    this.#closed = true;
    this.#cursor?.close();
    this.#wakeAll();
    this.#onFinished();
  }

  #wakeAll(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  /** Ends the reading. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#cursor?.close();
  }
}
