import type { Millis } from '../../../core/units.js';

const MINUS = '−';
const NONE = '–';

/** A number with three significant digits below a thousand, and with separators above. */
export function number(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value))
    return value === Number.POSITIVE_INFINITY ? '∞' : NONE;
  const size = Math.abs(value);
  const digits = size === 0 || size >= 100 ? 0 : size >= 10 ? 1 : 2;
  const rounded = Number(size.toFixed(digits));
  return `${value < 0 && rounded > 0 ? MINUS : ''}${rounded.toLocaleString('en-US')}`;
}

/** A whole number with separators. */
export const count = (value: number | null | undefined): string =>
  value === null || value === undefined ? NONE : Math.round(value).toLocaleString('en-US');

/** A time in the unit that reads best. */
export function ms(value: Millis | null | undefined): string {
  if (value === null || value === undefined) return NONE;
  if (value >= 60_000) return `${number(value / 60_000)} min`;
  if (value >= 1000) return `${number(value / 1000)} s`;
  if (value > 0 && value < 0.1) return `${number(value * 1000)} µs`;
  return `${number(value)} ms`;
}

/** A rate. */
export const rate = (value: number | null | undefined): string =>
  value === null || value === undefined ? NONE : `${number(value)}/s`;

/** A part of a whole as percent. Never 0 % or 100 % when it is not. */
export function percent(part: number | null | undefined): string {
  if (part === null || part === undefined || Number.isNaN(part)) return NONE;
  const value = part * 100;
  if (value > 0 && value < 0.01) return '<0.01 %';
  if (value < 100 && value > 99.99) return '>99.99 %';
  return `${value === 0 || value === 100 ? value : Number(value.toFixed(value < 10 ? 2 : 1))} %`;
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** An amount of data, in powers of 1000. */
export function bytes(value: number | null | undefined): string {
  if (value === null || value === undefined) return NONE;
  let [left, unit] = [value, 0];
  while (left >= 999.5 && unit < UNITS.length - 1) {
    left /= 1000;
    unit++;
  }
  return `${number(left)} ${UNITS[unit]}`;
}

/** A time since the start of the run, such as 2:05 or 1:02:05; with tenths for a span that is short. */
export function elapsed(timeMs: Millis, tenths = false): string {
  const total = Math.max(0, tenths ? Math.round(timeMs / 100) / 10 : Math.round(timeMs / 1000));
  const [hours, minutes, seconds] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  const shown =
    tenths && !Number.isInteger(seconds)
      ? seconds.toFixed(1).padStart(4, '0')
      : String(Math.floor(seconds)).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${shown}` : `${minutes}:${shown}`;
}
