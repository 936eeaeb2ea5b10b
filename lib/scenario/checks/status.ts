import { ElpisError } from '../../core/errors.js';
import type { Test } from './test.js';

/** Statuses of one hundred. */
export type StatusClass = '1xx' | '2xx' | '3xx' | '4xx' | '5xx';

/**
 * The status is one of those given; a class such as `'2xx'` stands for its hundred.
 *
 * @example
 * check({ 'there or moved': status(200, '3xx') });
 */
export function status(...expected: readonly (number | StatusClass)[]): Test {
  if (expected.length === 0) throw new ElpisError('ELPIS_CONFIG', 'status: no status is expected');
  return (response) =>
    expected.some((each) =>
      typeof each === 'number' ? each === response.status : each[0] === String(Math.floor(response.status / 100)),
    );
}
