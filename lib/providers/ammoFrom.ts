import { DONE, PENDING, type Polled } from '../core/cursor.js';
import { defined } from '../core/defined.js';
import { type Deps, inShare, type Share, WHOLE } from '../core/deps.js';
import { BaseCursor } from '../pull/baseCursor.js';
import { IterableCursor } from '../pull/iterables.js';
import { Pullable } from '../pull/pullable.js';

/** The ammo of one share: the others are taken of the iterable too, and left out. */
class SharedIterable<A> extends BaseCursor<A> {
  #index = 0;

  constructor(
    private readonly whole: IterableCursor<A>,
    private readonly share: Share,
  ) {
    super();
  }

  protected override draw(): Polled<A> {
    for (;;) {
      const polled = this.whole.poll();
      if (polled === DONE || polled === PENDING || inShare(this.share, this.#index++)) return polled;
    }
  }

  override close(): void {
    super.close();
    this.whole.close();
  }
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
 * - Ends when the iterable does; closes it when it is not needed any more. What the iterable throws ends the run; what its
 *   `return()` throws when it is closed early is logged as a warning.
 *
 * @param iterable Iterated anew for each run; what can be iterated only once, such as a generator's result, serves one run.
 * @param deps The share, scheduler and log of a component's dependencies, when it is made by `defineComponent`. Default: the
 *   whole, in real time, without a log.
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
  return new Pullable(() => new SharedIterable(new IterableCursor(iterable, { onCloseError }), share), {
    ...defined({ scheduler }),
  });
}
