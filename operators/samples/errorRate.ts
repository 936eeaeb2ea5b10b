import { countsOf, type Window } from '../../lib/measure/window.js';

/**
 * The share of operations in a window that ended `bad` or `failed`, from 0 to 1. Discarded and unfinished operations are not
 * among them.
 *
 * @param tag Of this tag only; of the group or scenario with that name when no operation has the tag. Default: of all operations.
 * @returns 0 when no operation ended.
 *
 * @example
 * const broken = (window: Window) => errorRate(window) > 0.01 && window.total.ended >= 100;
 */
export function errorRate(window: Window, tag?: string): number {
  const counts = tag === undefined ? window.total : countsOf(window, tag);
  if (counts === undefined || counts.ended === 0) return 0;
  return (counts.bad + counts.failed) / counts.ended;
}
