import { type MonoTypeOperatorFunction, map } from 'rxjs';
import { type Cursor, DONE, PENDING, type Polled } from '../../lib/core/cursor.js';
import { ForwardingCursor } from '../../lib/pull/baseCursor.js';
import { Pullable } from '../../lib/pull/pullable.js';

class MapCursor<T extends object> extends ForwardingCursor<T> {
  /** What each changed value was made from, when the source wants it back. */
  readonly #originals: WeakMap<T, T> | undefined;

  constructor(
    source: Cursor<T>,
    private readonly project: (value: T) => T,
  ) {
    super(source);
    this.#originals = source.reuses ? new WeakMap() : undefined;
  }

  protected override draw(): Polled<T> {
    const value = this.source.poll();
    if (value === PENDING || value === DONE) return value;
    const made = this.project(value);
    if (made !== value) this.#originals?.set(made, value);
    return made;
  }

  override release(made: T): void {
    this.source.release(this.#originals?.get(made) ?? made);
  }
}

/**
 * Changes each tick, shot or ammo. Like RxJS `map`, but a stream that can be pulled stays so: each value is made when it
 * is asked for, at most once, and demand stays exact.
 *
 * ```text
 * ticks                                                0-1-2-|
 * mapPulled((tick) => ({ ...tick, at: tick.at + 1 }))  -0-1-2|
 * ```
 *
 * - Subscribed to, a value is pushed when it is due by its own `at`. `at` MUST NOT decrease from one value to the next.
 * - Completes and errors with the source; when `project` throws, the stream errors with that, pulled when
 *   the value is asked for, which may be ahead of its time.
 * - Unsubscribing closes the source, once.
 * - Pulled, `project` is called once per value, when that is asked for: a tick or shot up to one ahead of its time. What the
 *   source owns (ammo that is reused) is given back to it when the value that was made from it is released.
 * - A source that can't be pulled is pushed on, as by `map`.
 *
 * @example
 * // Operations a second later than planned.
 * constant({ ops: 100, duration: '30s' }).pipe(mapPulled((tick) => ({ ...tick, at: tick.at + 1000 })));
 */
export function mapPulled<T extends object>(project: (value: T) => T): MonoTypeOperatorFunction<T> {
  return (source) =>
    source instanceof Pullable
      ? new Pullable<T>((scheduler) => new MapCursor((source as Pullable<T>).open(scheduler), project), source.playing)
      : source.pipe(map((value) => project(value)));
}
