import { ElpisError } from '../core/errors.js';
import type { Millis } from '../core/units.js';
import { normalFrom } from './normalFrom.js';
import { requireMs } from './requireMs.js';
import type { TargetModel } from './targetModel.js';

/** The 99th percentile of the standard normal distribution. */
const Z99 = 2.3263478740408408;

/** The shape of {@link logNormalLatency}: the median, and either the 99th percentile or sigma. */
export type LogNormalOptions =
  | { readonly medianMs: Millis; readonly p99Ms: Millis }
  | { readonly medianMs: Millis; readonly sigma: number };

/**
 * A target whose latencies have a long tail, as those of real services do, whatever the load.
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
    throw new ElpisError('ELPIS_USAGE', `lognormal: median ${medianMs} ms and ${given} make no distribution`, {
      hint: 'the median is above 0, p99 is not below the median, and sigma is not negative',
    });
  }
  const tail = 'sigma' in options ? `sigma=${sigma}` : `p99=${options.p99Ms}ms`;
  return {
    name: `lognormal(median=${medianMs}ms, ${tail})`,
    start: ({ random }) => {
      const normal = normalFrom(random);
      return (answer) => {
        answer.afterMs += medianMs * Math.exp(sigma * normal());
      };
    },
  };
}
