import { quantile } from './median.js';

/** How far arrivals were from their plan. Milliseconds. */
export interface ArrivalErrors {
  readonly p50: number;
  readonly p99: number;
  /** The 99th percentile of the requests planned in each second. */
  readonly p99BySecond: readonly number[];
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
  const seconds = Math.ceil((planned.at(-1) ?? 0) / 1000);
  const p99BySecond = Array.from({ length: seconds }, (_, second) =>
    quantile(
      errors.filter((_, i) => Math.floor((planned[i] as number) / 1000) === second),
      0.99,
    ),
  );
  const [p50, p99] = [quantile(errors, 0.5), quantile(errors, 0.99)];
  return { p50, p99, p99BySecond, arrived: sorted.length / planned.length };
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
