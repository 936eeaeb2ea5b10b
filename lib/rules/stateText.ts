import { durationText } from '../codec/duration.js';
import type { ThresholdState } from '../measure/runVerdict.js';

/** A value or a limit of a threshold with its unit. @example valueText(312.4, 'ms') // '312 ms' */
export function valueText(value: number | null, unit: ThresholdState['unit']): string {
  if (value === null) return 'no value';
  const rounded = Number(value.toPrecision(Math.abs(value) >= 1000 ? 6 : 4));
  return unit === '' || unit === '/s' ? `${rounded}${unit}` : `${rounded} ${unit}`;
}

/** A threshold with its value in one line. @example 'p99(response) < 250ms was 312 ms' */
export function stateText({ condition, pool, value, unit }: ThresholdState): string {
  return `${pool === undefined ? '' : `pool "${pool}": `}${condition} was ${valueText(value, unit)}`;
}

/** A moment of a run as the time since its start, such as `2m30s`. */
export function sinceText(ms: number): string {
  const whole = Math.max(0, Math.round(ms / 100) * 100);
  const minutes = Math.floor(whole / 60_000);
  const rest = whole % 60_000;
  if (minutes === 0) return durationText(rest);
  return `${minutes}m${rest === 0 ? '' : durationText(rest)}`;
}
