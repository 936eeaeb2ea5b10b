import { ElpisError } from '../../core/errors.js';
import type { Millis } from '../../core/units.js';
import type { Test } from './test.js';

/**
 * The answer was complete within so many milliseconds of the request.
 *
 * @example
 * check({ 'fast enough': time(250) });
 */
export function time(max: Millis): Test {
  if (!(max >= 0)) throw new ElpisError('ELPIS_CONFIG', `time: ${max} ms is no limit`);
  return (_response, _vars, ms) => ms <= max;
}
