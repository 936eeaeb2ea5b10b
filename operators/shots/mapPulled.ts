import { type MonoTypeOperatorFunction, map } from 'rxjs';
import { A_FUNCTION, checkArgument } from '../../lib/core/argument.js';
import { type Cursor, DONE, PENDING, type Polled } from '../../lib/core/cursor.js';
import { ForwardingCursor } from '../../lib/pull/baseCursor.js';
import { Pullable } from '../../lib/pull/pullable.js';

class MapCursor<T extends object> extends ForwardingCursor<T> {
  /** The original of each changed value, for sources that reuse values. */
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
 * Changes each tick, shot or ammo. Like `map` of RxJS, but a pullable stream stays pullable: each value is made on
 * demand, at most once, and demand stays exact.
 *
 * ```text
 * ticks                                                0-1-2-|
 * mapPulled((tick) => ({ ...tick, at: tick.at + 1 }))  -0-1-2|
 * ```
 *
 * - Subscribed to, a value is pushed when it is due by its own `at`. `at` MUST NOT decrease from one value to the next.
 * - Completes and errors with the source. An exception of `project` is an error of the stream; pulled, at the poll of
 *   the value, which may be ahead of its time.
 * - Unsubscribing closes the source, once.
 * - Pulled, `project` is called once per value, at its poll: at most one tick or shot ahead of its time. Ammo that
 *   the source reuses is released to it when the value that was made from it is released.
 * - A source that cannot be pulled is pushed, as with `map`.
 *
 * @param project Returns the value to emit; it MUST NOT change its argument.
 * @see [map](https://rxjs.dev/api/operators/map)
 * @see {@link filterPulled}
 * @example
 * // Operations a second later than planned.
 * constant({ ops: 100, duration: '30s' }).pipe(mapPulled((tick) => ({ ...tick, at: tick.at + 1000 })));
 */
export function mapPulled<T extends object>(project: (value: T) => T): MonoTypeOperatorFunction<T> {
  checkArgument('mapPulled', 'project', project, A_FUNCTION);
  return (source) =>
    source instanceof Pullable
      ? new Pullable<T>((scheduler) => new MapCursor((source as Pullable<T>).open(scheduler), project), source.playing)
      : source.pipe(map((value) => project(value)));
}
