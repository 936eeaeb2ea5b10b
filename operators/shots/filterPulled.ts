import { filter, type MonoTypeOperatorFunction } from 'rxjs';
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

  /** How many will be kept is unknown, except that none of none are. */
  protected override drawable(): number | undefined {
    return this.source.left() === 0 ? 0 : undefined;
  }

  override release(value: T): void {
    this.source.release(value);
  }
}

/**
 * Keeps some of the ticks, shots or ammo. Like `filter` of RxJS, but a stream that can be pulled stays so, and demand stays
 * exact.
 *
 * ```text
 * ticks                                         0-1-2-3-4-5-|
 * filterPulled(({ index }) => index % 3 === 0)  0-----3-----|
 * ```
 *
 * - Kept ticks keep their index and their moment. A tick that is dropped before `zipAmmo` uses no ammo; the ammo of a shot
 *   that is dropped is used up.
 * - Completes and errors with the source. When `keep` throws, the stream errors with that; pulled, when the value is asked for.
 * - Unsubscribing closes the source, once.
 * - Pulled, values are drawn until one is kept. So a `keep` that keeps nothing of an unlimited schedule blocks the thread
 *   until the schedule ends.
 * - A source that cannot be pulled is pushed, as by `filter`.
 *
 * @param keep Returns true for a value to keep; called once per value.
 * @see [filter](https://rxjs.dev/api/operators/filter)
 * @see {@link mapPulled}, {@link clip}
 * @example
 * // One operation in ten.
 * constant({ ops: 100, duration: '30s' }).pipe(filterPulled(({ index }) => index % 10 === 0));
 */
export function filterPulled<T>(keep: (value: T) => boolean): MonoTypeOperatorFunction<T> {
  return (source) =>
    source instanceof Pullable
      ? new Pullable<T>((scheduler) => new FilterCursor((source as Pullable<T>).open(scheduler), keep), source.playing)
      : source.pipe(filter((value) => keep(value)));
}
