import { ElpisError } from '../../core/errors.js';
import type { Bytes } from '../../core/units.js';
import type { Test } from './test.js';

/**
 * The decoded body is of a size, in bytes: at least `min`, at most `max`.
 *
 * @example
 * check({ 'not empty': size({ min: 1 }), 'not too long': size({ max: 65_536 }) });
 */
export function size({
  min = 0,
  max = Number.POSITIVE_INFINITY,
}: {
  readonly min?: Bytes;
  readonly max?: Bytes;
}): Test {
  if (!(min <= max)) throw new ElpisError('ELPIS_CONFIG', `size: nothing is from ${min} to ${max} bytes`);
  return ({ size }) => size >= min && size <= max;
}
