import type { Nanos } from '../../core/units.js';

/**
 * Turns sorted epoch microseconds into nanoseconds from the first. Those of one step of the clock that wrote them are spread
 * evenly over the step, or up to the next one if that is nearer.
 */
export function traceOffsets(timesUs: Float64Array, resolutionNs: Nanos, speed: number): Float64Array {
  const count = timesUs.length;
  const offsets = new Float64Array(count);
  const origin = timesUs[0] as number;
  for (let first = 0; first < count; ) {
    let next = first + 1;
    while (next < count && timesUs[next] === timesUs[first]) next++;
    const startNs = ((timesUs[first] as number) - origin) * 1000;
    const gapNs = next < count ? ((timesUs[next] as number) - origin) * 1000 - startNs : resolutionNs;
    const stepNs = Math.min(resolutionNs, gapNs) / (next - first);
    for (let i = first; i < next; i++) offsets[i] = Math.trunc((startNs + (i - first) * stepNs) / speed);
    first = next;
  }
  return offsets;
}
