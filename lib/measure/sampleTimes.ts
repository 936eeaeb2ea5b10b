import type { TimedSample } from '../core/sample.js';
import type { Millis } from '../core/units.js';

/** One step of an epoch-milliseconds float in this century: 2^-12 ms, about 0.244 µs. */
const CLOCK_STEP_MS = 2 ** -12;

/**
 * A length of time in whole microseconds, cut off like the columns of phout, and corrected for the step of the clock.
 *
 * The difference of two epoch-milliseconds floats may be up to one clock step (0.244 µs) below the true length, and
 * truncation alone then returns 250249 for 250250 µs. So one step is added first: every length of whole microseconds is
 * exact, and any other is at most 0.49 µs too long. It also works for a moment (epoch µs).
 *
 * Returns 0 for a negative length, for NaN, and beyond 2^53 µs (Pandora prints saturated values there).
 *
 * @example
 * micros(250.25); // 250250
 */
export function micros(ms: Millis): number {
  const value = Math.trunc((ms + CLOCK_STEP_MS) * 1000);
  return value > 0 && value <= Number.MAX_SAFE_INTEGER ? value : 0;
}

/**
 * From the intended moment to the end, which is free of coordinated omission. For an unfinished operation it is the
 * age, so the true value is longer; 0 for a discarded one.
 */
export function responseTime(sample: TimedSample): Millis {
  return sample.outcome === 'discarded' ? 0 : Math.max(0, sample.ended - sample.intended);
}

/** True when a gun was called for the operation, also when the shot has not ended. */
export function wasShot(sample: TimedSample): boolean {
  return sample.outcome === 'shot' || (sample.outcome === 'unfinished' && sample.instance >= 0);
}

/** From the start of the shot to its end, which most tools call latency; 0 when it was not shot. */
export function serviceTime(sample: TimedSample): Millis {
  return wasShot(sample) ? Math.max(0, sample.ended - sample.started) : 0;
}

/** True for a sample that has the times and the outcome of an operation; guns may emit samples of another shape. */
export function isTimedSample(sample: unknown): sample is TimedSample {
  if (typeof sample !== 'object' || sample === null) return false;
  const { netCode, started, slotWait } = sample as Partial<TimedSample>;
  return typeof netCode === 'number' && typeof started === 'number' && typeof slotWait === 'number';
}
