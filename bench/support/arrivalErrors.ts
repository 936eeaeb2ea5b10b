import { quantile } from './median.js';

/** How far arrivals were from their plan. Milliseconds. */
export interface ArrivalErrors {
  readonly p50: number;
  readonly p99: number;
  /** Part of the planned requests that arrived. */
  readonly arrived: number;
}

/**
 * Compares arrivals with a plan whose start is not known to the server. The start is taken so that one arrival in a hundred
 * is early: a generator that is always late by the same time is then exact, one that is late by turns is not.
 */
export function arrivalErrors(arrivals: readonly number[], planned: readonly number[]): ArrivalErrors {
  const sorted = Float64Array.from(arrivals).sort();
  const count = Math.min(sorted.length, planned.length);
  const offsets = Array.from({ length: count }, (_, i) => (sorted[i] as number) - (planned[i] as number));
  const start = quantile(offsets, 0.01);
  const errors = offsets.map((offset) => Math.abs(offset - start));
  return { p50: quantile(errors, 0.5), p99: quantile(errors, 0.99), arrived: sorted.length / planned.length };
}

/** Milliseconds at which requests are due: N(t) = from·t + (to - from)·t²/2T of them by t, the i-th (from `first`) at N(t) = i. */
export function plannedMoments(
  { from, to, seconds }: { from: number; to: number; seconds: number },
  first: 0 | 1 = 0,
): number[] {
  const slope = (to - from) / seconds;
  const count = Math.floor(((from + to) / 2) * seconds + 1e-9);
  return Array.from({ length: count }, (_, i) => {
    const n = i + first;
    return (slope === 0 ? n / from : (Math.sqrt(from * from + 2 * slope * n) - from) / slope) * 1000;
  });
}
