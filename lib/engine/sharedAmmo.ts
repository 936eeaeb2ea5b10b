import type { SchedulerLike } from 'rxjs';
import { type Cursor, DONE, type Polled } from '../core/cursor.js';
import { withContext } from '../core/errorContext.js';
import type { ErrorContext } from '../core/errors.js';
import type { Provider } from '../core/provider.js';
import { ForwardingCursor } from '../pull/baseCursor.js';
import { type CloseErrorOptions, reportCloseError } from '../pull/closeError.js';
import { openCursor } from '../pull/openCursor.js';
import { Pullable } from '../pull/pullable.js';
import { calling } from './pool.js';

/** Options of {@link SharedAmmo}. */
export interface SharedAmmoOptions extends CloseErrorOptions {
  /** Called once, when there is no more ammo. */
  readonly onFinished?: () => void;
  /** The provider, for messages. */
  readonly component?: ErrorContext['component'];
}

/**
 * One reading of a provider, shared by several consumers: each ammo is returned to the consumer that polls first. It is opened at
 * the first demand, and closed once: when there is no more ammo, or when its owner closes it.
 *
 * A consumer that waits is woken by new ammo, by ammo that another one gave back, by the end, and by a failure, which every
 * consumer throws.
 */
export class SharedAmmo<A> {
  readonly #waiting = new Map<object, () => void>();
  #cursor: Cursor<A> | undefined;
  #listening = false;
  #closed = false;
  #failure: { readonly error: unknown } | undefined;

  constructor(
    private readonly provider: Provider<A>,
    private readonly options: SharedAmmoOptions = {},
  ) {}

  /** The shared reading, to be pulled by any number of consumers. */
  readonly ammo: Pullable<A> = new Pullable<A>((scheduler) => new SharedCursor(this, this.#open(scheduler)));

  #open(scheduler: SchedulerLike): Cursor<A> {
    this.#cursor ??= openCursor(this.provider, scheduler, this.options, 'ammo');
    return this.#cursor;
  }

  /** Draws for one of the consumers. */
  poll(cursor: Cursor<A>): Polled<A> {
    if (this.#failure !== undefined) throw this.#failure.error;
    if (this.#closed) return DONE;
    try {
      const polled = cursor.poll();
      if (polled === DONE) this.#finished();
      return polled;
    } catch (cause) {
      const { component } = this.options;
      const what = `${calling(component, 'the provider')} failed`;
      const error = withContext(cause, { component }, { code: 'ELPIS_AMMO', what });
      this.#failure = { error };
      this.wakeAll();
      throw error;
    }
  }

  /** Calls `wake` of a consumer when it should poll again; without `wake` it stops waiting. */
  wait(consumer: object, cursor: Cursor<A>, wake: (() => void) | undefined): void {
    if (wake === undefined) {
      this.#waiting.delete(consumer);
      return;
    }
    this.#waiting.set(consumer, wake);
    if (this.#listening) return;
    this.#listening = true;
    cursor.whenReady(() => this.wakeAll());
  }

  wakeAll(): void {
    this.#listening = false;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const [, wake] of waiting) wake();
  }

  #finished(): void {
    this.close();
    this.wakeAll();
    this.options.onFinished?.();
  }

  /** Closes the reading. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    try {
      this.#cursor?.close();
    } catch (error) {
      reportCloseError(error, this.options);
    }
  }
}

/** The cursor of one consumer of {@link SharedAmmo}. */
class SharedCursor<A> extends ForwardingCursor<A> {
  constructor(
    private readonly shared: SharedAmmo<A>,
    source: Cursor<A>,
  ) {
    super(source);
  }

  protected override draw(): Polled<A> {
    return this.shared.poll(this.source);
  }

  override whenReady(wake: () => void): void {
    this.shared.wait(this, this.source, wake);
  }

  /** Any consumer may poll it next. */
  override giveBack(ammo: A): void {
    this.source.giveBack(ammo);
    this.shared.wakeAll();
  }

  override release(ammo: A): void {
    this.source.release(ammo);
  }

  /** Unknown, because other consumers draw too. */
  protected override drawable(): number | undefined {
    return this.source.left() === 0 ? 0 : undefined;
  }

  /** The reading continues for the others. */
  override close(): void {
    this.shared.wait(this, this.source, undefined);
  }
}
