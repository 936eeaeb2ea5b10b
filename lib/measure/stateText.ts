import type { Millis } from '../core/units.js';
import type { ThresholdState } from './runVerdict.js';

/** A value or a limit of a threshold with its unit. @example valueText(312.4, 'ms') // '312.4 ms' */
export function valueText(value: number | null, unit: ThresholdState['unit']): string {
  if (value === null) return 'no value';
  const rounded = Number(value.toPrecision(Math.abs(value) >= 1000 ? 6 : 4));
  return unit === '' || unit === '/s' ? `${rounded}${unit}` : `${rounded} ${unit}`;
}

/** A threshold with its value in one line. @example 'p99(response) < 250ms was 312 ms' */
export function stateText({ condition, pool, value, unit }: ThresholdState): string {
  return `${pool === undefined ? '' : `pool "${pool}": `}${condition} was ${valueText(value, unit)}`;
}

/** A time since the start of a run, to a tenth of a second. @example sinceText(150_000) // '2m30s' */
export function sinceText(ms: Millis): string {
  const tenths = Math.max(0, Math.round(ms / 100));
  const [hours, minutes, seconds] = [Math.floor(tenths / 36_000), Math.floor(tenths / 600) % 60, (tenths % 600) / 10];
  const parts = [
    hours === 0 ? '' : `${hours}h`,
    minutes === 0 ? '' : `${minutes}m`,
    seconds === 0 ? '' : `${seconds}s`,
  ];
  return parts.join('') || '0s';
}
