import { sumWindows } from './sumWindows.js';
import type { Window } from './window.js';

/**
 * Merges two windows into one: of the same time, such as those of two threads, or of one time after another. Exact: counts
 * add up and histograms add up bucket by bucket, so the result is that of one window that got all the samples.
 *
 * ```text
 * a                       [ 3 samples )
 * b                                   [ 2 samples )
 * mergeWindows(a, b)      [ 5 samples             )
 * ```
 *
 * - It spans from the earlier start to the later end, and is partial when one of the two is. The order does not matter.
 * - When both have more tags together than the larger of their limits, the further ones are counted under `(other tags)`;
 *   the total stays exact. So are the samples of one that knows only its total (limit 0).
 * - The two are not changed.
 *
 * @example
 * declare const windows: Observable<Window>;
 * windows.pipe(bufferCount(10), map((ten) => ten.reduce(mergeWindows))).subscribe(({ total }) => console.log(total.shots));
 */
export function mergeWindows(a: Window, b: Window): Window {
  return sumWindows([a, b]);
}
