import { checkArgument } from '../../lib/core/argument.js';
import type { Millis } from '../../lib/core/units.js';
import { valueAtPercentile } from '../../lib/measure/histogram.js';
import { A_WINDOW, countsOf, type Window } from '../../lib/measure/window.js';

/**
 * A percentile of the times in a window, in milliseconds, with microsecond resolution and three significant digits.
 *
 * @param p From 0 to 100; 0 is the shortest time and 100 the longest, both exact.
 * @param time `response` (from the intended moment, free of coordinated omission) or `service` (from the start of the shot).
 *   Default `response`.
 * @param tag Only operations of this tag, or the group or scenario with that name when no operation has the tag.
 *   Default: all operations.
 * @returns 0 without such samples.
 *
 * @example
 * const slow = (window: Window) => percentile(window, 99) > 250;
 */
export function percentile(window: Window, p: number, time: 'response' | 'service' = 'response', tag?: string): Millis {
  checkArgument('percentile', 'window', window, A_WINDOW);
  checkArgument('percentile', 'p', p, { expected: 'a number', holds: Number.isFinite });
  const counts = tag === undefined ? window.total : countsOf(window, tag);
  return counts === undefined ? 0 : valueAtPercentile(counts[time], p);
}
