import { filter, type MonoTypeOperatorFunction } from 'rxjs';
import { A_FUNCTION, checkArgument } from '../../lib/core/argument.js';
import { type Cursor, DONE, PENDING, type Polled } from '../../lib/core/cursor.js';
import { ForwardingCursor } from '../../lib/pull/baseCursor.js';
import { Pullable } from '../../lib/pull/pullable.js';

class FilterCursor<T> extends ForwardingCursor<T> {
  constructor(
    source: Cursor<T>,
    private readonly keep: (value: T) => boolean,
  ) {
    super(source);
  }

  protected override draw(): Polled<T> {
    for (;;) {
      const value = this.source.poll();
      if (value === PENDING || value === DONE || this.keep(value)) return value;
      this.source.release(value);
    }
  }

  /** The number of kept values is unknown, unless the source has none. */
  protected override drawable(): number | undefined {
    return this.source.left() === 0 ? 0 : undefined;
  }

  override release(value: T): void {
    this.source.release(value);
  }
}

/**
 * Keeps the ticks, shots or ammo for which a function returns true. Like `filter` of RxJS, but a pullable stream
 * stays pullable, and demand stays exact.
 *
 * ```text
 * ticks                                         0-1-2-3-4-5-|
 * filterPulled(({ index }) => index % 3 === 0)  0-----3-----|
 * ```
 *
 * - Kept ticks keep their index and their moment. A tick that is dropped before `zipAmmo` uses no ammo; the ammo of a shot
 *   that is dropped is used up.
 * - Completes and errors with the source. An exception of `keep` is an error of the stream; pulled, at the poll of
 *   the value.
 * - Unsubscribing closes the source, once.
 * - Pulled, values are drawn until one is kept. So a `keep` that always returns false blocks the thread on an
 *   unlimited schedule until the schedule ends.
 * - A source that cannot be pulled is pushed, as with `filter`.
 *
 * @param keep Returns true for each value to keep; called once per value.
 * @see [filter](https://rxjs.dev/api/operators/filter)
 * @see {@link mapPulled}, {@link clip}
 * @example
 * // One operation in ten.
 * constant({ ops: 100, duration: '30s' }).pipe(filterPulled(({ index }) => index % 10 === 0));
 */
export function filterPulled<T>(keep: (value: T) => boolean): MonoTypeOperatorFunction<T> {
  checkArgument('filterPulled', 'keep', keep, A_FUNCTION);
  return (source) =>
    source instanceof Pullable
      ? new Pullable<T>((scheduler) => new FilterCursor((source as Pullable<T>).open(scheduler), keep), source.playing)
      : source.pipe(filter((value) => keep(value)));
}
