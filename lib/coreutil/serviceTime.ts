import type { TimedSample } from '../core/timedSample.js';
import type { Millis } from '../core/units.js';
import { wasShot } from './wasShot.js';

/** From the start of the shot to its end: what most tools call latency; 0 when it was never shot. */
export function serviceTime(sample: TimedSample): Millis {
  return wasShot(sample) ? Math.max(0, sample.ended - sample.started) : 0;
}
