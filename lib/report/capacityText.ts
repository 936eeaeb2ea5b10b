import type { CapacityState, CapacityStep } from '../measure/capacityState.js';
import { formatLength, formatRate, formatTable } from './format.js';

const row = ({ perSecond, achieved, measuredMs, passes, limitedBy = '' }: CapacityStep): readonly string[] => [
  formatRate(perSecond),
  formatRate(achieved),
  formatLength(measuredMs),
  passes ? 'passes' : 'fails',
  limitedBy,
];

/**
 * The result of a search for the capacity as text: a row for each rate, and the result as a sentence.
 *
 * ```text
 * Capacity of pool shop
 *   rate    achieved  measured
 *   400/s      400/s    20.0 s  passes
 *   800/s      655/s     4.0 s  fails   p99(response) < 250ms, with 912 ms
 *   640 ± 40 per second, limited by p99(response) < 250ms, with 270 ms
 * ```
 */
export function capacityText({ pool, steps, text = '' }: CapacityState): string {
  const table = formatTable(
    [['rate', 'achieved', 'measured', '', ''], ...steps.map(row)],
    ['right', 'right', 'right', 'left', 'left'],
  );
  return [`Capacity of pool ${pool}`, ...(steps.length === 0 ? [] : table), text].join('\n  ').trimEnd();
}
