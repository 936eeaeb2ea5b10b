import { ElpisError } from '../core/errors.js';
import type { Millis } from '../core/units.js';
import { bucketSampler } from './bucketSampler.js';
import type { TargetModel } from './targetModel.js';

/** What {@link empiricalLatency} draws from. */
export type EmpiricalSource =
  /** Pairs of a quantile in [0, 1] and its time, rising; straight lines between them. */
  | { readonly quantiles: readonly (readonly [quantile: number, ms: Millis])[] }
  /** A measured histogram, such as `responseTimeMs` or `serviceTimeMs` of a summary. */
  | { readonly bucketsUs: readonly number[] };

function refuse(problem: string): never {
  throw new ElpisError('ELPIS_USAGE', `empirical: ${problem}`, {
    hint: 'such as quantiles: [[0, 5], [0.5, 20], [0.99, 80], [1, 200]]',
  });
}

function check(quantiles: readonly (readonly [number, Millis])[]): void {
  if (quantiles.length < 2) refuse(`${quantiles.length} quantiles make no distribution, expected at least 2`);
  quantiles.forEach(([quantile, ms], i) => {
    const [before, msBefore] = quantiles[i - 1] ?? [-1, 0];
    if (!(quantile >= 0 && quantile <= 1)) refuse(`quantile ${quantile} is not between 0 and 1`);
    if (!(quantile > before && ms >= msBefore)) refuse(`quantile ${quantile} (${ms} ms) does not rise`);
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
 * A target whose latencies were measured: it draws from quantiles or from a histogram, whatever the load.
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
      return (answer) => {
        answer.afterMs += draw();
      };
    },
  };
}
