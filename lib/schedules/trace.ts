import { atLeast, checked } from '../codec/bounds.js';
import { atLeastMs } from '../codec/duration.js';
import type { Codec } from '../codec/issue.js';
import { existingFile } from '../codec/paths.js';
import { float, integer, oneOf, scalar } from '../codec/scalars.js';
import { optional, required, struct } from '../codec/struct.js';
import type { Log } from '../core/deps.js';
import type { Plan } from '../core/plan.js';
import type { Nanos } from '../core/units.js';
import { lazyPlan } from '../plans/lazyPlan.js';
import { repeatPlan } from '../plans/repeatPlan.js';
import { numberFrom, planError } from '../plans/support.js';
import { timesPlan } from '../plans/timesPlan.js';
import { component } from '../plugin/component.js';
import { readTimes, type TraceOptions } from './trace/readTimes.js';
import type { TimeList } from './trace/timeList.js';

/**
 * Turns sorted epoch microseconds into nanoseconds from the first. Timestamps of the same step of the recording clock
 * are spread evenly over the step, or up to the next timestamp if that is nearer.
 */
function traceOffsets(timesUs: Float64Array, resolutionNs: Nanos, speed: number): Float64Array {
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

const MINUTE_US = 60e6;

/**
 * Logs are written when requests end, so small disorder is normal; a jump back indicates files that do not belong
 * together.
 */
function logDisorder(file: string, { disordered, furthestBackUs, size }: TimeList, log: Log): void {
  if (disordered === 0) return;
  const message = `${file}: ${disordered} of ${size} timestamps were out of order, by up to ${furthestBackUs / 1e6} s, and were sorted`;
  if (furthestBackUs > MINUTE_US) log.warn(message);
  else log.info(message);
}

/**
 * A recorded trace: an operation at each timestamp of a file, from the first on.
 *
 * - The file is read synchronously at the first use of the plan (played, changed, counted), into 8 bytes per timestamp;
 *   times are exact to the microsecond.
 * - Timestamps out of order are sorted. Their number is logged, as a warning if one was late by more than a minute.
 * - The nominal length ends one mean gap after the last operation, so that passes follow at the mean rate.
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
    if (log !== undefined) logDisorder(file, times, log);
    const offsets = traceOffsets(times.sorted(), resolutionNs, speed);
    const last = offsets.at(-1) ?? 0;
    const meanGapNs = offsets.length > 1 ? last / (offsets.length - 1) : 0;
    return repeatPlan(timesPlan(offsets, Math.round(last + meanGapNs)), passes);
  });
}

/** The number of a column, from 1, or its name. A name of digits only counts as a number. */
const columnCodec: Codec<number | string, number | string> = scalar<number | string>(
  { name: 'the number of a column, from 1, or its name', schema: { type: ['integer', 'string'] } },
  (raw) => {
    const column = typeof raw === 'string' && /^\d+$/.test(raw) ? Number(raw) : raw;
    if (typeof column === 'string' && column !== '') return { value: column };
    if (typeof column !== 'number' || !Number.isInteger(column)) return { code: 'wrong-type' };
    return column >= 1 ? { value: column } : { code: 'min' };
  },
);

const speed = checked(float, (value) => value > 0, 'a number above 0', 'min', { schema: { exclusiveMinimum: 0 } });

/**
 * The `trace` schedule: operations at their recorded times.
 *
 * @example
 * trace({ file: './access.log', format: 'access', speed: 2 });
 */
export const trace = component({
  kind: 'schedule',
  name: 'trace',
  summary: 'A recorded trace: an operation at each timestamp of a log.',
  example: { file: './access.log', format: 'access', speed: 2 },
  options: struct('trace schedule', {
    /** The recorded trace, gzipped or not. */
    file: required(existingFile, 'the recorded trace, gzipped or not'),
    /** An access log (common or combined), phout, or a column of CSV. */
    format: required(
      oneOf(['access', 'phout', 'csv']),
      'an access log (common or combined), phout, or a column of CSV',
    ),
    /** For csv: the number of the column, from 1, or its name in the first row. */
    column: optional(columnCodec, 1, 'for csv: the number of the column, from 1, or its name in the first row'),
    /** For csv: the unit of numbers; auto: by the size of the first. */
    unit: optional(
      oneOf(['auto', 's', 'ms', 'us', 'ns']),
      'auto',
      'for csv: the unit of numbers; auto: by the size of the first',
    ),
    /** The factor of the speed. */
    speed: optional(speed, 1, 'the factor of the speed'),
    /** How many times it is played. */
    passes: optional(atLeast(integer, 1), 1, 'how many times it is played'),
    /** Operations with the same timestamp are spread evenly over this time; 0: 1s for access, none for others. */
    resolution: optional(
      atLeastMs(0),
      0,
      'operations with the same timestamp are spread evenly over this time; 0: 1s for access, none for others',
    ),
  }),
  create: ({ resolution, ...options }, { log }) =>
    tracePlan({ ...options, log, ...(resolution === 0 ? {} : { resolutionMs: resolution }) }),
  traits: ({ file }) => ({ files: [{ path: file, access: 'read', key: 'file' }] }),
  // The file is not read for a description.
  describe: ({ file, format, speed, passes }) =>
    `trace of ${file} (${format})${speed === 1 ? '' : `, ${speed} times as fast`}${passes === 1 ? '' : `, ${passes} times`}`,
});
