import type { Millis } from '../core/units.js';

/** A length of time as on a stop watch, whole seconds cut off. @example formatClock(62_500) // '01:02' */
export function formatClock(ms: Millis): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}
