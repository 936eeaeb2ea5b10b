import type { Millis } from '../core/units.js';
import { formatCount } from './formatCount.js';

/**
 * Milliseconds in at most 4 digits below 10 s, without the unit: microseconds matter for a short time and not for a long one.
 *
 * @example
 * formatMs(1.2345); // '1.234'
 * formatMs(123.45); // '123.5'
 * formatMs(12345.6); // '12,346'
 */
export function formatMs(ms: Millis): string {
  if (ms >= 999.95) return formatCount(ms);
  if (ms >= 99.995) return ms.toFixed(1);
  return ms >= 9.9995 ? ms.toFixed(2) : ms.toFixed(3);
}
