import type { TimedSample } from '../core/sample.js';
import type { Millis } from '../core/units.js';

/** Clocks of users may be coarser than that of the engine, so a shot may seem to end a little before its start. */
const MAX_BEFORE_START_MS: Millis = 1000;

const NUMBERS = [
  ...(['intended', 'started', 'slotWait', 'ended', 'netCode', 'protoCode'] as const),
  ...(['bytesOut', 'bytesIn'] as const),
];

const isSample = (sample: unknown): sample is TimedSample =>
  typeof sample === 'object' && sample !== null && 'netCode' in sample && 'slotWait' in sample;

/** The first wrong field, for the message. */
function wrongField(sample: TimedSample): string {
  const shown = (field: keyof TimedSample): string => `whose ${field} is ${String(sample[field])}`;
  const number = NUMBERS.find((field) => !Number.isFinite(sample[field]));
  if (number !== undefined) return `${shown(number)}, expected a number`;
  const text = (['tag', 'errorName'] as const).find((field) => typeof sample[field] !== 'string');
  if (text !== undefined) return `${shown(text)}, expected a text`;
  if (sample.metrics !== undefined && !Array.isArray(sample.metrics))
    return `${shown('metrics')}, expected a list, as sample.measure(...) makes it`;
  return `${shown('ended')}, before its start at ${sample.started}; expected epoch milliseconds, as scheduler.now() returns`;
}

/**
 * What is wrong with a sample that code of a user has emitted: without this check, a time that is NaN would be recorded as 0, and a
 * tag that is no text would fail in the aggregator, which would then seem to be the cause.
 *
 * @returns Such as `whose tag is 5, expected a text`; `undefined` for a sound sample, and for a value of another shape.
 */
export function sampleFault(sample: unknown): string | undefined {
  if (!isSample(sample)) return undefined;
  const { intended, started, slotWait, ended, netCode, protoCode, bytesOut, bytesIn } = sample;
  // The sum of numbers is finite when each of them is; with a text or an object in it, it is no number.
  const sum = intended + started + slotWait + ended + netCode + protoCode + bytesOut + bytesIn;
  const sound =
    Number.isFinite(sum) &&
    ended >= started - MAX_BEFORE_START_MS &&
    typeof sample.tag === 'string' &&
    typeof sample.errorName === 'string' &&
    (sample.metrics === undefined || Array.isArray(sample.metrics));
  return sound ? undefined : wrongField(sample);
}
