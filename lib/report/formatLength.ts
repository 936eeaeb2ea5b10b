import type { Millis } from '../core/units.js';
import { formatClock } from './formatClock.js';

/** How long something lasted: seconds with a fraction up to two minutes, then as on a stop watch. @example formatLength(12_345) // '12.3 s' */
export function formatLength(ms: Millis): string {
  return ms < 120_000 ? `${(ms / 1000).toFixed(1)} s` : formatClock(ms);
}
