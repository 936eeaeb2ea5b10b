import type { Random } from '../../core/deps.js';
import { ElpisError } from '../../core/errors.js';
import type { Millis } from '../../core/units.js';
import { normalVariate } from '../../plans/chance.js';
import type { TargetModel } from './targetModel.js';

/** Throws for a time that is not a number of milliseconds of at least 0. */
function requireMs(model: string, what: string, ms: Millis): void {
  if (ms >= 0 && ms < Number.POSITIVE_INFINITY) return;
  throw new ElpisError('ELPIS_USAGE', `${model}: ${what} is ${ms}, expected milliseconds of at least 0`);
}

/**
 * A target that responds to every request after the same time, under any load.
 *
 * Formula: `T = ms`.
 *
 * @example
 * const target = constantLatency(20);
 */
export function constantLatency(ms: Millis): TargetModel {
  requireMs('constant', 'the latency', ms);
  return {
    name: `constant(${ms}ms)`,
    start: () => (response) => {
      response.afterMs += ms;
    },
  };
}

/**
 * A target whose times are exponential: the service of the textbook queue M/M/k.
 *
 * Formula: `T = -mean * ln(1 - U)`, U uniform in [0, 1). Source: L. Devroye, Non-Uniform Random Variate Generation
 * (1986), II.2.1, inversion.
 *
 * @example
 * const target = queueModel({ servers: 8, service: exponentialLatency(5) });
 */
export function exponentialLatency(meanMs: Millis): TargetModel {
  requireMs('exponential', 'the mean', meanMs);
  return {
    name: `exponential(${meanMs}ms)`,
    start:
      ({ random }) =>
      (response) => {
        response.afterMs -= meanMs * Math.log(1 - random());
      },
  };
}

/** The 99th percentile of the standard normal distribution. */
const Z99 = 2.3263478740408408;

/** Options of {@link logNormalLatency}: the median, and either the 99th percentile or sigma. */
export type LogNormalOptions =
  | { readonly medianMs: Millis; readonly p99Ms: Millis }
  | { readonly medianMs: Millis; readonly sigma: number };

/**
 * A target whose latencies have a long tail, like those of real services, under any load.
 *
 * Formula: `T = exp(ln(median) + sigma * Z)`, Z standard normal; `sigma = ln(p99 / median) / 2.326`. Source: N. Johnson,
 * S. Kotz, N. Balakrishnan, Continuous Univariate Distributions 1 (1994), chapter 14.
 *
 * @example
 * const target = logNormalLatency({ medianMs: 20, p99Ms: 80 });
 */
export function logNormalLatency(options: LogNormalOptions): TargetModel {
  const { medianMs } = options;
  requireMs('lognormal', 'the median', medianMs);
  const sigma = 'sigma' in options ? options.sigma : Math.log(options.p99Ms / medianMs) / Z99;
  if (!(medianMs > 0 && sigma >= 0 && sigma < Number.POSITIVE_INFINITY)) {
    const given = 'sigma' in options ? `sigma ${options.sigma}` : `p99 ${options.p99Ms} ms`;
    throw new ElpisError('ELPIS_USAGE', `lognormal: median ${medianMs} ms and ${given} do not define a distribution`, {
      hint: 'the median is above 0, p99 is not below the median, and sigma is not negative',
    });
  }
  const tail = 'sigma' in options ? `sigma=${sigma}` : `p99=${options.p99Ms}ms`;
  return {
    name: `lognormal(median=${medianMs}ms, ${tail})`,
    start:
      ({ random }) =>
      (response) => {
        response.afterMs += medianMs * Math.exp(sigma * normalVariate(random));
      },
  };
}

/** Below this many µs the buckets of a latency histogram are 1 µs wide; above, each power of two has 1024 buckets. */
const EXACT_BELOW_US = 2048;

function widthUs(lowUs: number): number {
  return lowUs < EXACT_BELOW_US ? 1 : 2 ** (Math.floor(Math.log2(lowUs)) - 10);
}

/**
 * Draws times from a histogram: a bucket by its count, then uniformly within the bucket.
 *
 * @param bucketsUs Lowest value of a bucket in µs, its count, and so on in turn: `Distribution.bucketsUs`.
 */
export function bucketSampler(bucketsUs: ArrayLike<number>, random: Random): () => Millis {
  const size = bucketsUs.length / 2;
  const lows = Float64Array.from({ length: size }, (_, i) => bucketsUs[2 * i] as number);
  const upTo = new Float64Array(size);
  let total = 0;
  for (let i = 0; i < size; i++) {
    total += bucketsUs[2 * i + 1] as number;
    upTo[i] = total;
  }
  return () => {
    const rank = random() * total;
    let low = 0;
    let high = size - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (rank < (upTo[middle] as number)) high = middle;
      else low = middle + 1;
    }
    const us = lows[low] as number;
    return (us + random() * widthUs(us)) / 1000;
  };
}

/** Source of {@link empiricalLatency}. */
export type EmpiricalSource =
  /** Pairs of a quantile in [0, 1] and its time, ascending; interpolated linearly. */
  | { readonly quantiles: readonly (readonly [quantile: number, ms: Millis])[] }
  /** A measured histogram, such as `responseTimeMs` or `serviceTimeMs` of a summary. */
  | { readonly bucketsUs: ArrayLike<number> };

function refuse(problem: string): never {
  throw new ElpisError('ELPIS_USAGE', `empirical: ${problem}`, {
    hint: 'such as quantiles: [[0, 5], [0.5, 20], [0.99, 80], [1, 200]]',
  });
}

function check(quantiles: readonly (readonly [number, Millis])[]): void {
  if (quantiles.length < 2) refuse(`${quantiles.length} quantiles do not define a distribution, expected at least 2`);
  quantiles.forEach(([quantile, ms], i) => {
    const [before, msBefore] = quantiles[i - 1] ?? [-1, 0];
    if (!(quantile >= 0 && quantile <= 1)) refuse(`quantile ${quantile} is not between 0 and 1`);
    if (!(quantile > before && ms >= msBefore)) refuse(`quantile ${quantile} (${ms} ms) is not above the one before`);
  });
}

function interpolate(quantiles: readonly (readonly [number, Millis])[], at: number): Millis {
  const next = quantiles.findIndex(([quantile]) => quantile >= at);
  if (next <= 0) return (quantiles[next === 0 ? 0 : quantiles.length - 1] as readonly [number, Millis])[1];
  const [low, lowMs] = quantiles[next - 1] as readonly [number, Millis];
  const [high, highMs] = quantiles[next] as readonly [number, Millis];
  return lowMs + ((highMs - lowMs) * (at - low)) / (high - low);
}

/**
 * A target with measured latencies: it draws from quantiles or from a histogram, under any load.
 *
 * Formula: `T = Q(U)`, Q the quantile function, U uniform in [0, 1). Source: L. Devroye, Non-Uniform Random Variate
 * Generation (1986), II.2.1, inversion.
 *
 * @example
 * const target = empiricalLatency({ quantiles: [[0, 5], [0.5, 20], [0.99, 80], [1, 200]] });
 */
export function empiricalLatency(source: EmpiricalSource): TargetModel {
  if ('quantiles' in source) check(source.quantiles);
  else if (source.bucketsUs.length < 2) refuse('the histogram is empty');
  const points = 'quantiles' in source ? source.quantiles.length : source.bucketsUs.length / 2;
  return {
    name: `empirical(${points} ${'quantiles' in source ? 'quantiles' : 'buckets'})`,
    start: ({ random }) => {
      const draw =
        'quantiles' in source ? () => interpolate(source.quantiles, random()) : bucketSampler(source.bucketsUs, random);
      return (response) => {
        response.afterMs += draw();
      };
    },
  };
}
