import type { Nanos } from '../../core/units.js';

/** How many of `count` operations have an offset below `offsetNs`: the inverse of a non-decreasing `atNs`, by bisection. */
export function countBefore(count: number, atNs: (index: number) => Nanos, offsetNs: Nanos): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = low + Math.floor((high - low) / 2);
    if (atNs(middle) < offsetNs) low = middle + 1;
    else high = middle;
  }
  return low;
}
