import type { Millis } from '../../core/units.js';
import { formatMs, formatRate } from '../../report/format.js';

const EIGHTHS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** Numbers as a line of bars, one per column, scaled to the largest; a blank where there is none. */
export function sparkline(values: readonly (number | null)[], top = Math.max(0, ...values.map((v) => v ?? 0))): string {
  return values
    .map((value) => {
      if (value === null || value <= 0 || top <= 0) return value === 0 ? '▁' : ' ';
      return EIGHTHS[Math.min(7, Math.floor((value / top) * 7.999))] as string;
    })
    .join('');
}

/** A time in ms without its unit; `-` when there is none. */
export const msText = (ms: Millis | null | undefined): string => (ms === null || ms === undefined ? '-' : formatMs(ms));

/** A rate without its unit. */
export const rateText = (rate: number | null | undefined): string =>
  rate === undefined ? '-' : rate === 0 ? '0' : formatRate(rate).replace('/s', '');

/** A part of a whole from 0 to 1 in percent, in few characters. A small part is never shown as 0, nor a missing part as 100. */
export function percentText(part: number | null | undefined): string {
  if (part === null || part === undefined || Number.isNaN(part)) return '-';
  const percent = part * 100;
  if (percent === 0 || percent === 100) return `${percent} %`;
  if (percent < 0.01) return '<0.01 %';
  if (percent > 99.99 && percent < 100) return '>99.99 %';
  return `${percent < 10 || percent > 99 ? percent.toFixed(2) : percent.toFixed(1)} %`;
}

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** A number of bytes in few characters. */
export function bytesText(bytes: number | null): string {
  if (bytes === null) return '-';
  let [value, unit] = [bytes, 0];
  while (value >= (unit === 0 ? 1024 : 1023.95) && unit < BYTE_UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value.toFixed(unit === 0 ? 0 : 1)} ${BYTE_UNITS[unit]}`;
}
