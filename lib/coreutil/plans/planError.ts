import { ElpisError } from '../../core/errors.js';

/** A value that a plan can not be made from: `ELPIS_CONFIG` with the place, the value and what was expected. */
export function planError(place: string, value: unknown, expected: string, hint?: string): ElpisError {
  const shown = typeof value === 'string' ? JSON.stringify(value) : String(value);
  const options = hint === undefined ? {} : { hint };
  return new ElpisError('ELPIS_CONFIG', `${place}: ${shown} is not usable; expected ${expected}`, options);
}
