import type { Millis } from '../../core/units.js';
import type { Distribution } from './distribution.js';

const FLOOR_MS = 10;
const SHARE_OF_RESPONSE = 0.05;

/** Whether a run is evidence about the target, or about the machine that generated the load. */
export interface RunQuality {
  /** True when the generator was too late for the numbers to be trusted. */
  readonly late: boolean;
  /** The limit that the 99th percentile of the lateness was held against. */
  readonly limitMs: Millis;
  /** The verdict as a sentence. */
  readonly text: string;
}

/**
 * Judges the generator's own lateness: too late when its 99th percentile is more than 10 ms and more than 5 % of the
 * median response time. Waiting for a free instance is not part of it.
 */
export function runQuality(lateness: Distribution, response: Distribution): RunQuality {
  const limitMs = Math.max(FLOOR_MS, SHARE_OF_RESPONSE * response.p50);
  const late = lateness.p99 > limitMs;
  const figures = `p99 ${lateness.p99.toFixed(1)} ms, limit ${limitMs.toFixed(1)} ms`;
  if (lateness.count === 0) return { late, limitMs, text: 'nothing was shot' };
  const text = late
    ? `the generator, not the target, was late (${figures}): do not trust these times`
    : `the generator was on time (${figures})`;
  return { late, limitMs, text };
}
