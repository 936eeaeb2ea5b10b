import { type Cursor, DONE, type Polled } from '../core/cursor.js';
import type { Deps } from '../core/deps.js';
import { IterableCursor } from '../pull/iterables.js';
import { Pullable } from '../pull/pullable.js';

/** Every `of`-th value of a cursor, from the `index`-th on. */
function striped<A>(cursor: Cursor<A>, index: number, of: number): Cursor<A> {
  const returned: A[] = [];
  let skip = index;
  return {
    poll: (): Polled<A> => {
      if (returned.length > 0) return returned.pop() as A;
      for (; skip > 0; skip--) if (cursor.poll() === DONE) return DONE;
      skip = of - 1;
      return cursor.poll();
    },
    whenReady: (wake) => cursor.whenReady(wake),
    giveBack: (ammo) => void returned.push(ammo),
    close: () => cursor.close(),
  };
}

/**
 * A provider of whatever an iterable gives: one for each operation that wants it, never ahead.
 *
 * ```text
 * iterable           a b c d ...
 * ammoFrom(it)       a b c d ...|
 * thread 1 of 2      b d ...|
 * ```
 *
 * - In a run of several threads each takes the ammo of its share; every thread goes through the whole iterable.
 * - Ends when the iterable does; closes it when it is not needed any more. What the iterable throws ends the run.
 *
 * @param iterable Iterated anew for each run; what can be iterated only once, such as a generator's result, serves one run.
 * @param deps The share of a component's dependencies, when it is made by `defineComponent`. Default: the whole.
 * @example
 * ammoFrom(['a', 'b', 'c']).subscribe(console.log);
 */
export function ammoFrom<A>(iterable: Iterable<A>, deps: Partial<Pick<Deps, 'share' | 'scheduler'>> = {}): Pullable<A> {
  const { share: { index, of } = { index: 0, of: 1 }, scheduler } = deps;
  const open = (): Cursor<A> => striped(new IterableCursor(iterable), index, of);
  return new Pullable(open, scheduler === undefined ? {} : { scheduler });
}
