import type { Cursor, Polled } from '../core/cursor.js';
import type { EpochMs } from '../core/units.js';

/**
 * Base class of all cursors: values that were given back are returned first, and every optional part has its default. A subclass
 * implements `draw` and overrides defaults where necessary.
 *
 * @example
 * class Countdown extends BaseCursor<number> {
 *   #next = 3;
 *   protected draw(): Polled<number> {
 *     return this.#next > 0 ? this.#next-- : DONE;
 *   }
 * }
 * new Pullable(() => new Countdown()).subscribe(console.log); // 3 2 1
 */
export abstract class BaseCursor<T> implements Cursor<T> {
  readonly #returned: T[] = [];

  /** Default: values are drawn on request. */
  get pushed(): boolean {
    return false;
  }

  /** Default: values are not reused. */
  get reuses(): boolean {
    return false;
  }

  poll(): Polled<T> {
    return this.#returned.length > 0 ? (this.#returned.pop() as T) : this.draw();
  }

  giveBack(value: T): void {
    this.#returned.push(value);
  }

  left(): number | undefined {
    const drawable = this.drawable();
    return drawable === undefined ? undefined : drawable + this.#returned.length;
  }

  onDemand(): boolean {
    return this.#returned.length === 0 && this.drawsOnDemand();
  }

  /** The number of values that were given back and not polled again. */
  protected get returned(): number {
    return this.#returned.length;
  }

  /** Default: throws, for a cursor that is never pending. */
  whenReady(_wake: () => void): void {
    throw new TypeError('this cursor is never pending, so there is nothing to wait for');
  }

  /** Default: does nothing, for values that are not reused. */
  release(_value: T): void {}

  /** Default: the stream ends with its last value. */
  finish(): EpochMs | undefined {
    return undefined;
  }

  /** Default: drops the values that were given back, for a cursor without other resources. */
  close(): void {
    this.#returned.length = 0;
  }

  /** Draws the next value. Not called while there are values that were given back. */
  protected abstract draw(): Polled<T>;

  /** The number of values that can be drawn, without those that were given back. Default: unknown. */
  protected drawable(): number | undefined {
    return undefined;
  }

  /** True while the next value exists only by demand. Default: false. */
  protected drawsOnDemand(): boolean {
    return false;
  }
}

/**
 * A cursor over another one: methods that it does not override are forwarded to the source. Values that are given
 * back stay in this cursor, so that no value is changed twice. `release` depends on the change, so each subclass
 * implements it.
 *
 * @typeParam S The type of the source's values, when it differs.
 */
export abstract class ForwardingCursor<T, S = T> extends BaseCursor<T> {
  constructor(protected readonly source: Cursor<S>) {
    super();
  }

  override get pushed(): boolean {
    return this.source.pushed;
  }

  override get reuses(): boolean {
    return this.source.reuses;
  }

  override whenReady(wake: () => void): void {
    this.source.whenReady(wake);
  }

  abstract override release(value: T): void;

  override finish(): EpochMs | undefined {
    return this.source.finish();
  }

  override close(): void {
    super.close();
    this.source.close();
  }

  protected override drawable(): number | undefined {
    return this.source.left();
  }

  protected override drawsOnDemand(): boolean {
    return this.source.onDemand();
  }
}

/** Closes several cursors, each of them also when another one throws; the first error is thrown afterwards. */
export function closeAll(cursors: readonly { close(): void }[]): void {
  const [first, ...rest] = cursors;
  try {
    first?.close();
  } finally {
    if (rest.length > 0) closeAll(rest);
  }
}
