import type { Log } from '../core/deps.js';
import type { Plan } from '../core/plan.js';
import { lazyPlan } from '../coreutil/plans/lazyPlan.js';
import { numberFrom } from '../coreutil/plans/numberFrom.js';
import { planError } from '../coreutil/plans/planError.js';
import { repeatPlan } from '../coreutil/plans/repeatPlan.js';
import { timesPlan } from './timesPlan.js';
import { readTimes } from './trace/readTimes.js';
import type { TimeList } from './trace/timeList.js';
import { traceOffsets } from './trace/traceOffsets.js';
import type { TraceOptions } from './trace/traceOptions.js';

const MINUTE_US = 60e6;

/** Logs are written when requests end, so a little disorder is theirs; a jump back hints at files that don't belong together. */
function tellDisorder(file: string, { disordered, furthestBackUs, size }: TimeList, log: Log): void {
  if (disordered === 0) return;
  const message = `${file}: ${disordered} of ${size} timestamps were out of order, by up to ${furthestBackUs / 1e6} s, and were sorted`;
  if (furthestBackUs > MINUTE_US) log.warn(message);
  else log.info(message);
}

/**
 * A recorded trace: an operation at each timestamp of a file, from the first on.
 *
 * - The file is read when the plan is first asked something (played, changed, counted), at once, into 8 bytes per timestamp; times are exact to the
 *   microsecond.
 * - Timestamps out of order are sorted. `log` is told how many there were: as a warning if one was over a minute late.
 * - The nominal length goes on after the last operation by one mean gap, so that passes join at the mean rate.
 *
 * @throws ElpisError `ELPIS_CONFIG` for an option out of range, at once; `ELPIS_SOURCE` with file and line, when it is read.
 * @example
 * // Yesterday's traffic, twice as fast.
 * ticks(tracePlan({ file: './access.log', format: 'access', speed: 2 }));
 */
export function tracePlan(options: TraceOptions): Plan {
  const { file, format, column = 1, speed = 1, passes = 1, log } = options;
  if (!(speed > 0 && Number.isFinite(speed))) throw planError('trace speed', speed, 'a number above 0');
  if (!(Number.isSafeInteger(passes) && passes > 0)) throw planError('trace passes', passes, 'a whole number from 1');
  if (typeof column === 'number' && !(Number.isSafeInteger(column) && column > 0)) {
    throw planError('trace column', column, 'a whole number from 1, or a name');
  }
  const resolutionMs = options.resolutionMs ?? (format === 'access' ? 1000 : 0);
  const resolutionNs = numberFrom(0, 'trace resolution', resolutionMs, ' ms') * 1e6;
  return lazyPlan(() => {
    const times = readTimes(options);
    if (log !== undefined) tellDisorder(file, times, log);
    const offsets = traceOffsets(times.sorted(), resolutionNs, speed);
    const last = offsets.at(-1) ?? 0;
    const meanGapNs = offsets.length > 1 ? last / (offsets.length - 1) : 0;
    return repeatPlan(timesPlan(offsets, Math.round(last + meanGapNs)), passes);
  });
}
