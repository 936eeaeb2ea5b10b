import { planError } from './planError.js';

/**
 * A finite number of at least `least`, checked.
 *
 * @param place Whose number it is, such as `stretch factor`.
 * @throws ElpisError `ELPIS_CONFIG`.
 */
export function numberFrom(least: number, place: string, value: number, unit = ''): number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= least) return value;
  throw planError(place, value, `a number of at least ${least}${unit}`);
}
