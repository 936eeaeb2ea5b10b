/** A moment of a run: how many operations per second ended, and how long they took. */
export interface LoadPoint {
  readonly perSecond: number;
  readonly ms: number;
}

/** Where the time begins to rise with the rate. */
export interface Knee {
  readonly perSecond: number;
  /** The fitted time at the knee. */
  readonly ms: number;
  /** The fitted line, for a chart: from the lowest rate over the knee to the highest. */
  readonly line: readonly LoadPoint[];
}

/** Fewer moments than this, or rates that differ by less than this part of the highest one, have no knee. */
const MIN_POINTS = 12;
const MIN_SPREAD = 0.3;
/** Points on each side of a knee. */
const MIN_SIDE = 4;
/** Two lines must leave at most this part of the squared error of one line. */
const MUCH_BETTER = 0.6;
/** Beyond the knee the time must grow at least by this factor up to the highest rate. */
const MIN_RISE = 1.5;

interface Fit {
  readonly a: number;
  readonly before: number;
  readonly after: number;
  readonly error: number;
}

/** Least squares of `y = a + before min(x, k) + after max(0, x - k)`, by the normal equations. */
function fitAt(xs: readonly number[], ys: readonly number[], k: number): Fit | undefined {
  const m = [
    [0, 0, 0, 0],
    [0, 0, 0, 0],
    [0, 0, 0, 0],
  ];
  for (const [i, x] of xs.entries()) {
    const terms = [1, Math.min(x, k), Math.max(0, x - k), ys[i] as number];
    for (let r = 0; r < 3; r++)
      for (let c = 0; c < 4; c++) (m[r] as number[])[c]! += (terms[r] as number) * (terms[c] as number);
  }
  for (let r = 0; r < 3; r++) {
    const pivot = m[r] as number[];
    if (Math.abs(pivot[r] as number) < 1e-12) return undefined;
    for (let other = 0; other < 3; other++) {
      if (other === r) continue;
      const row = m[other] as number[];
      const factor = (row[r] as number) / (pivot[r] as number);
      for (let c = r; c < 4; c++) row[c]! -= factor * (pivot[c] as number);
    }
  }
  const [a, before, after] = m.map((row, r) => (row[3] as number) / (row[r] as number)) as [number, number, number];
  let error = 0;
  for (const [i, x] of xs.entries())
    error += ((ys[i] as number) - a - before * Math.min(x, k) - after * Math.max(0, x - k)) ** 2;
  return { a, before, after, error };
}

/**
 * Fits two connected lines to the logarithm of the time over the rate, and returns where they meet. `undefined` when one line is about as
 * good, when the second one does not rise, or when the rates differ too little.
 */
export function kneeOf(points: readonly LoadPoint[]): Knee | undefined {
  const usable = points
    .filter(({ perSecond, ms }) => perSecond > 0 && ms > 0)
    .sort((a, b) => a.perSecond - b.perSecond);
  const [lowest, highest] = [usable[0]?.perSecond ?? 0, usable.at(-1)?.perSecond ?? 0];
  if (usable.length < MIN_POINTS || highest - lowest < MIN_SPREAD * highest) return undefined;
  const xs = usable.map(({ perSecond }) => perSecond / highest);
  const ys = usable.map(({ ms }) => Math.log(ms));
  const one = straight(xs, ys);
  let best: (Fit & { readonly k: number }) | undefined;
  for (let i = MIN_SIDE; i < xs.length - MIN_SIDE; i++) {
    const k = xs[i] as number;
    const fit = fitAt(xs, ys, k);
    if (fit !== undefined && (best === undefined || fit.error < best.error)) best = { ...fit, k };
  }
  if (best === undefined || best.error > MUCH_BETTER * one.error) return undefined;
  const { a, before, after, k } = best;
  if (after <= before || after * (1 - k) < Math.log(MIN_RISE)) return undefined;
  const at = (x: number): LoadPoint => ({
    perSecond: x * highest,
    ms: Math.exp(a + before * Math.min(x, k) + after * Math.max(0, x - k)),
  });
  return { ...at(k), line: [at(xs[0] as number), at(k), at(1)] };
}

/** The error of one line. */
function straight(xs: readonly number[], ys: readonly number[]): { readonly error: number } {
  const n = xs.length;
  const [mx, my] = [xs.reduce((s, x) => s + x, 0) / n, ys.reduce((s, y) => s + y, 0) / n];
  const sxx = xs.reduce((s, x) => s + (x - mx) ** 2, 0);
  const sxy = xs.reduce((s, x, i) => s + (x - mx) * ((ys[i] as number) - my), 0);
  const slope = sxx === 0 ? 0 : sxy / sxx;
  return { error: xs.reduce((s, x, i) => s + ((ys[i] as number) - my - slope * (x - mx)) ** 2, 0) };
}
