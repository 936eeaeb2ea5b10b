import type { Window } from './window.js';

/**
 * The share of shots in a window whose verdict is `bad` or `failed`, from 0 to 1. Discarded and unfinished
 * operations are not among them.
 *
 * @param tag Of this tag only; of the group or scenario with that name when no operation has the tag. Default: of all operations.
 * @returns 0 when no shot ended.
 *
 * @example
 * const broken = (window: Window) => errorRate(window) > 0.01 && window.total.shots >= 100;
 */
export function errorRate(window: Window, tag?: string): number {
  const counts = tag === undefined ? window.total : (window.tags.get(tag) ?? window.spans.get(tag));
  if (counts === undefined || counts.shots === 0) return 0;
  return (counts.failed + counts.badStatus) / counts.shots;
}
