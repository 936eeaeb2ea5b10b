import type { TimedSample } from '../core/sample.js';
import type { Millis } from '../core/units.js';

/** One step of an epoch-milliseconds float in this century: 2^-12 ms, about 0.244 µs. */
const CLOCK_STEP_MS = 2 ** -12;

/**
 * A length of time in whole microseconds, cut off like phout's columns, without being fooled by the clock.
 *
 * The difference of two epoch-milliseconds floats may be up to one clock step (0.244 µs) below the true length, and plain
 * truncation would then print 250249 for 250250 µs. So one step is added first: every length of whole microseconds comes
 * out exactly, and no other is more than 0.49 µs too long. Also right for a moment (epoch µs).
 *
 * A negative length, no number, or one beyond 2^53 µs never happened: 0 (Pandora prints saturated values there).
 *
 * @example
 * micros(250.25); // 250250
 */
export function micros(ms: Millis): number {
  const value = Math.trunc((ms + CLOCK_STEP_MS) * 1000);
  return value > 0 && value <= Number.MAX_SAFE_INTEGER ? value : 0;
}

/**
 * From the intended moment to the end, which leaves no room for coordinated omission. For an unfinished operation its
 * age, so the true value is longer; 0 for a discarded one.
 */
export function responseTime(sample: TimedSample): Millis {
  return sample.outcome === 'discarded' ? 0 : Math.max(0, sample.ended - sample.intended);
}

/** True when a gun was called for the operation, whether or not it came to an end. */
export function wasShot(sample: TimedSample): boolean {
  return sample.outcome === 'shot' || (sample.outcome === 'unfinished' && sample.instance >= 0);
}

/** From the start of the shot to its end: what most tools call latency; 0 when it was never shot. */
export function serviceTime(sample: TimedSample): Millis {
  return wasShot(sample) ? Math.max(0, sample.ended - sample.started) : 0;
}

/** True for a sample that has the times and the outcome of an operation; guns may emit samples of another shape. */
export function isTimedSample(sample: unknown): sample is TimedSample {
  if (typeof sample !== 'object' || sample === null) return false;
  const { netCode, started, slotWait } = sample as Partial<TimedSample>;
  return typeof netCode === 'number' && typeof started === 'number' && typeof slotWait === 'number';
}
