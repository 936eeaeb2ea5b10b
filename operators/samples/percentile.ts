import type { Millis } from '../../lib/core/units.js';
import type { Window } from './window.js';

/**
 * A percentile of the times in a window, in milliseconds, of microsecond resolution and three significant digits.
 *
 * @param p From 0 to 100; 100 is the longest time.
 * @param time `response` (from the intended moment, free of coordinated omission) or `service` (from the start of the shot).
 *   Default `response`.
 * @param tag Of this tag only; of the group or scenario with that name when no operation has the tag. Default: of all operations.
 * @returns 0 when there are no such samples.
 *
 * @example
 * const slow = (window: Window) => percentile(window, 99) > 250;
 */
export function percentile(window: Window, p: number, time: 'response' | 'service' = 'response', tag?: string): Millis {
  const histogram = (tag === undefined ? window.total : (window.tags.get(tag) ?? window.spans.get(tag)))?.[time];
  if (histogram === undefined) return 0;
  return Math.min(histogram.getValueAtPercentile(p), histogram.maxValue) / 1000;
}
