import { nthOfShare } from '../../../core/deps.js';
import type { RunContext } from '../../context.js';

/** Counts the uses of `[next]`, by the text of the path up to the bracket. */
export interface NextCounter {
  /** The number of the use, from 0. */
  next(key: string): number;
}

/**
 * The counters of one scenario, which all instances of a pool share. Thread k of n counts k, k + n, k + 2n and so on, so that
 * together the threads take every number once, as long as they take equally many.
 *
 * @param owner The scenario.
 */
export function countersOf({ shared, share }: Pick<RunContext, 'shared' | 'share'>, owner: object): NextCounter {
  const known = shared.get(owner) as NextCounter | undefined;
  if (known !== undefined) return known;
  const taken = new Map<string, number>();
  const counter: NextCounter = {
    next(key) {
      const used = taken.get(key) ?? 0;
      taken.set(key, used + 1);
      return nthOfShare(share, used);
    },
  };
  shared.set(owner, counter);
  return counter;
}
