import type { PerSecond } from '../core/units.js';
import { formatCount } from './formatCount.js';

/** A rate per second, three digits or whole; `-` when there is none. @example formatRate(49.98) // '50.0/s' */
export function formatRate(rate: PerSecond | null): string {
  if (rate === null) return '-';
  if (!Number.isFinite(rate)) return 'unlimited';
  if (rate >= 99.95) return `${formatCount(rate)}/s`;
  return `${rate >= 9.995 ? rate.toFixed(1) : rate.toFixed(2)}/s`;
}
