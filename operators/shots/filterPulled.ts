import { filter, type MonoTypeOperatorFunction } from 'rxjs';
import { type Cursor, DONE, PENDING } from '../../lib/core/cursor.js';
import { Pullable } from '../../lib/pull/pullable.js';
import { derivedCursor } from './derivedCursor.js';

function filterCursor<T>(source: Cursor<T>, keep: (value: T) => boolean): Cursor<T> {
  return derivedCursor(source, {
    draw: () => {
      for (;;) {
        const value = source.poll();
        if (value === PENDING || value === DONE || keep(value)) return value;
        source.release?.(value);
      }
    },
    // Nobody knows how many will be kept; but none of none.
    left: (ofSource) => (ofSource === undefined || ofSource === 0 ? ofSource : Number.POSITIVE_INFINITY),
    original: (value) => value,
  });
}

/**
 * Keeps some of the ticks, shots or ammo. Like RxJS `filter`, but a stream that can be pulled stays so, and demand stays
 * exact.
 *
 * ```text
 * ticks                                         0-1-2-3-4-5-|
 * filterPulled(({ index }) => index % 3 === 0)  0-----3-----|
 * ```
 *
 * - Kept ticks keep their index and their moment. A tick that is dropped before `zipAmmo` uses no ammo; the ammo of a shot
 *   that is dropped is used up.
 * - Completes and errors with the source; when `keep` throws, the stream errors with that, pulled when
 *   the value is asked for.
 * - Unsubscribing closes the source, once.
 * - Pulled, values are drawn until one is kept. So a `keep` that keeps nothing of an unlimited schedule keeps the thread
 *   busy until that is over.
 * - A source that can't be pulled is pushed on, as by `filter`.
 *
 * @example
 * // One operation in ten.
 * constant({ ops: 100, duration: '30s' }).pipe(filterPulled(({ index }) => index % 10 === 0));
 */
export function filterPulled<T>(keep: (value: T) => boolean): MonoTypeOperatorFunction<T> {
  return (source) =>
    source instanceof Pullable
      ? new Pullable<T>((scheduler) => filterCursor((source as Pullable<T>).open(scheduler), keep), source.playing)
      : source.pipe(filter((value) => keep(value)));
}
