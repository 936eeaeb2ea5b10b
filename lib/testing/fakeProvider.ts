import { type Cursor, DONE, PENDING, type Polled } from '../core/cursor.js';
import { Pullable } from '../pull/pullable.js';

/**
 * A provider under the control of a test: ammo is returned only after `load`, and every take, return, release and close is
 * recorded.
 *
 * @example
 * const provider = new FakeProvider<string>();
 * provider.load('a', 'b').finish();
 */
export class FakeProvider<A> extends Pullable<A> {
  readonly taken: A[] = [];
  readonly givenBack: A[] = [];
  readonly released: A[] = [];
  opened = 0;
  closed = 0;
  #queue: A[] = [];
  #finished = false;
  #error: { readonly cause: unknown } | undefined;
  #wake: (() => void) | undefined;

  constructor() {
    super(() => this.#cursor());
  }

  /** Makes ammo available. */
  load(...ammo: readonly A[]): this {
    this.#queue.push(...ammo);
    return this.#awake();
  }

  /** Ends the ammo. */
  finish(): this {
    this.#finished = true;
    return this.#awake();
  }

  /** Makes the provider fail when its loaded ammo is used up. */
  fail(cause: unknown): this {
    this.#error = { cause };
    return this.#awake();
  }

  #awake(): this {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
    return this;
  }

  #poll(): Polled<A> {
    if (this.#queue.length > 0) {
      const ammo = this.#queue.shift() as A;
      this.taken.push(ammo);
      return ammo;
    }
    if (this.#error !== undefined) throw this.#error.cause;
    return this.#finished ? DONE : PENDING;
  }

  #cursor(): Cursor<A> {
    this.opened++;
    return {
      pushed: false,
      reuses: true,
      poll: () => this.#poll(),
      whenReady: (wake) => {
        this.#wake = wake;
      },
      left: () => (this.#finished ? this.#queue.length : undefined),
      onDemand: () => false,
      giveBack: (ammo) => {
        this.givenBack.push(ammo);
        this.#queue.unshift(ammo);
      },
      release: (ammo) => {
        this.released.push(ammo);
      },
      finish: () => undefined,
      close: () => {
        this.closed++;
      },
    };
  }
}
