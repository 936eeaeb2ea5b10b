import { ElpisError } from '../core/errors.js';
import type { Millis } from '../core/units.js';

/** Refuses a time that is no number of milliseconds of at least 0. */
export function requireMs(model: string, what: string, ms: Millis): void {
  if (ms >= 0 && ms < Number.POSITIVE_INFINITY) return;
  throw new ElpisError('ELPIS_USAGE', `${model}: ${what} is ${ms}, expected milliseconds of at least 0`);
}
