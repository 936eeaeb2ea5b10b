import { checkArgument } from '../../lib/core/argument.js';
import { A_WINDOW, countsOf, type Window } from '../../lib/measure/window.js';

/**
 * The share of operations in a window that ended `bad` or `failed` or were discarded, among those that ended or were
 * discarded, from 0 to 1. Unfinished operations are not counted. Discarded ones have their own tag, `discarded`, so
 * the rate of another tag is the rate of its shots.
 *
 * @param tag Only operations of this tag, or the group or scenario with that name when no operation has the tag.
 *   Default: all operations.
 * @returns 0 when no operation ended or was discarded.
 *
 * @example
 * const broken = (window: Window) => errorRate(window) > 0.01 && window.total.ended >= 100;
 */
export function errorRate(window: Window, tag?: string): number {
  checkArgument('errorRate', 'window', window, A_WINDOW);
  const counts = tag === undefined ? window.total : countsOf(window, tag);
  if (counts === undefined) return 0;
  const over = counts.ended + counts.discarded;
  return over === 0 ? 0 : (counts.bad + counts.failed + counts.discarded) / over;
}
