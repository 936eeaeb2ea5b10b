import type { Random } from '../core/deps.js';
import type { Block } from './comparedRun.js';

/** The numbers that are compared. Times are response times. */
export const METRICS = ['rate', 'errors', 'mean', 'p50', 'p90', 'p95', 'p99'] as const;

/** One of {@link METRICS}. */
export type Metric = (typeof METRICS)[number];

/** A value of each metric: rate per second, errors as a part of 1, times in microseconds. */
export type MetricValues = Readonly<Record<Metric, number>>;

const PERCENTILES = [
  ['p50', 0.5],
  ['p90', 0.9],
  ['p95', 0.95],
  ['p99', 0.99],
] as const;

/** Resamples of each side. The spread of so many is known to about 4 %. */
const RESAMPLES = 300;

/** The width of a bin of times: 1 %. */
const BIN = Math.log(1.01);

/** A block with its times in bins, counted from the lowest bin of all blocks. */
interface BinnedBlock {
  readonly lengthMs: number;
  readonly ended: number;
  readonly wrong: number;
  readonly sumUs: number;
  readonly count: number;
  readonly bins: Float64Array;
}

const binOf = (us: number): number => Math.floor(Math.log(us + 1) / BIN);

function binned(blocks: readonly Block[]): { readonly blocks: readonly BinnedBlock[]; readonly lowest: number } {
  const filled = blocks.filter(({ response }) => response.count > 0);
  const lowest = Math.min(...filled.map(({ response }) => binOf(response.minUs)), Number.MAX_SAFE_INTEGER);
  const highest = Math.max(...filled.map(({ response }) => binOf(response.maxUs)), lowest);
  const size = filled.length === 0 ? 0 : highest - lowest + 1;
  return {
    lowest,
    blocks: blocks.map(({ lengthMs, ended, wrong, response }) => {
      const bins = new Float64Array(size);
      const { buckets } = response;
      for (let i = 0; i < buckets.length; i += 2) {
        const bin = Math.min(size - 1, Math.max(0, binOf(buckets[i] as number) - lowest));
        bins[bin] = (bins[bin] as number) + (buckets[i + 1] as number);
      }
      return { lengthMs, ended, wrong, sumUs: response.sumUs, count: response.count, bins };
    }),
  };
}

/** The values of a sum of blocks, each as often as its weight says. */
function valuesOf(
  blocks: readonly BinnedBlock[],
  weights: Uint16Array,
  lowest: number,
  bins: Float64Array,
): MetricValues {
  let [lengthMs, ended, wrong, sumUs, count] = [0, 0, 0, 0, 0];
  bins.fill(0);
  for (const [i, block] of blocks.entries()) {
    const weight = weights[i] as number;
    if (weight === 0) continue;
    lengthMs += weight * block.lengthMs;
    ended += weight * block.ended;
    wrong += weight * block.wrong;
    sumUs += weight * block.sumUs;
    count += weight * block.count;
    for (let bin = 0; bin < bins.length; bin++)
      bins[bin] = (bins[bin] as number) + weight * (block.bins[bin] as number);
  }
  const times = { p50: 0, p90: 0, p95: 0, p99: 0 };
  let [bin, seen] = [0, 0];
  for (const [name, part] of PERCENTILES) {
    const wanted = part * count;
    while (bin < bins.length && seen + (bins[bin] as number) < wanted) seen += bins[bin++] as number;
    // Within its bin by the part of its values, so that the width of a bin is no step.
    const within = bin < bins.length && (bins[bin] as number) > 0 ? (wanted - seen) / (bins[bin] as number) : 0;
    times[name] = Math.exp((lowest + bin + within) * BIN);
  }
  return {
    rate: lengthMs === 0 ? 0 : (ended * 1000) / lengthMs,
    errors: ended === 0 ? 0 : wrong / ended,
    mean: count === 0 ? 0 : sumUs / count,
    ...times,
  };
}

/** The standard deviation of the estimate of each metric: of errors itself, of all others of its logarithm. */
export type Spreads = Readonly<Record<Metric, number>>;

/**
 * The uncertainty of the metrics of some runs, by bootstrap: the runs are drawn again, with replacement, and of each run its blocks.
 *
 * @param runs The blocks of each run.
 */
export function spreadsOf(runs: readonly (readonly Block[])[], random: Random): Spreads {
  const all = runs.flat();
  const { blocks, lowest } = binned(all);
  const bins = new Float64Array(blocks[0]?.bins.length ?? 0);
  const weights = new Uint16Array(blocks.length);
  const offsets = runs.map((_, i) => runs.slice(0, i).reduce((sum, run) => sum + run.length, 0));
  const sums = new Map<Metric, { sum: number; squares: number; count: number }>(
    METRICS.map((metric) => [metric, { sum: 0, squares: 0, count: 0 }]),
  );
  const draw = (n: number): number => Math.min(n - 1, Math.floor(random() * n));
  for (let resample = 0; resample < RESAMPLES; resample++) {
    weights.fill(0);
    for (let i = 0; i < runs.length; i++) {
      const run = draw(runs.length);
      const size = runs[run]?.length ?? 0;
      for (let j = 0; j < size; j++) {
        const at = (offsets[run] as number) + draw(size);
        weights[at] = (weights[at] as number) + 1;
      }
    }
    const values = valuesOf(blocks, weights, lowest, bins);
    for (const metric of METRICS) {
      const value = metric === 'errors' ? values.errors : Math.log(values[metric]);
      const found = sums.get(metric);
      if (found === undefined || !Number.isFinite(value)) continue;
      found.sum += value;
      found.squares += value * value;
      found.count++;
    }
  }
  // A bootstrap of n parts has (n - 1) / n of the variance; with several runs, these are the parts.
  const parts = runs.length > 1 ? runs.length : all.length;
  const correction = parts > 1 ? Math.sqrt(parts / (parts - 1)) : Number.POSITIVE_INFINITY;
  const spread = (metric: Metric): number => {
    const { sum, squares, count } = sums.get(metric) ?? { sum: 0, squares: 0, count: 0 };
    if (count === 0) return 0;
    const variance = Math.max(0, squares / count - (sum / count) ** 2);
    return variance < 1e-18 ? 0 : Math.sqrt(variance) * correction;
  };
  return Object.fromEntries(METRICS.map((metric) => [metric, spread(metric)])) as Spreads;
}
