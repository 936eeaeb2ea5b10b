import { defined } from '../core/defined.js';
import { type Deps, inShare, type Share, WHOLE } from '../core/deps.js';
import { IterableCursor } from '../pull/iterables.js';
import { Pullable } from '../pull/pullable.js';

/** The ammo of one share. Ammo of other shares is also taken from the iterable, and dropped. */
function* ofShare<A>(iterable: Iterable<A>, share: Share): Generator<A> {
  let index = 0;
  for (const ammo of iterable) if (inShare(share, index++)) yield ammo;
}

/**
 * A provider of the values of an iterable: one for each operation that needs ammo, by demand.
 *
 * ```text
 * iterable           a b c d ...
 * ammoFrom(it)       a b c d ...|
 * thread 1 of 2      b d ...|
 * ```
 *
 * - With several threads, each thread iterates the whole iterable and keeps the ammo of its share.
 * - Completes when the iterable ends, and closes the iterable when the run ends earlier. An error of the iterable ends
 *   the run; an error of `return()` at that early close is logged as a warning.
 *
 * @param iterable Iterated again for each run. An iterable that can be iterated only once, such as the result of a
 *   generator, works for one run.
 * @param deps The share, scheduler and log, from the dependencies of a component. Default: the whole run, in real time,
 *   without a log.
 * @example
 * ammoFrom(['a', 'b', 'c']).subscribe(console.log);
 */
export function ammoFrom<A>(
  iterable: Iterable<A>,
  deps: Partial<Pick<Deps, 'share' | 'scheduler' | 'log'>> = {},
): Pullable<A> {
  const { share = WHOLE, scheduler, log } = deps;
  const onCloseError =
    log === undefined
      ? undefined
      : (error: unknown) => log.warn(`ammoFrom: the iterable failed while it was closed: ${String(error)}`);
  const mine = share.of <= 1 ? iterable : ofShare(iterable, share);
  return new Pullable(() => new IterableCursor(mine, { onCloseError }), {
    ...defined({ scheduler }),
  });
}
