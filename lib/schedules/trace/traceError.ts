import { ElpisError, type ElpisErrorOptions } from '../../core/errors.js';

const LONGEST = 80;

/** An `ELPIS_SOURCE` error with its place: `access.log:12: "..." is not ...; expected ...`. */
export function traceError(
  place: string,
  value: string,
  expected: string,
  options: ElpisErrorOptions = {},
): ElpisError {
  const shown = JSON.stringify(value.length > LONGEST ? `${value.slice(0, LONGEST)}...` : value);
  return new ElpisError('ELPIS_SOURCE', `${place}: ${shown} holds no time; expected ${expected}`, options);
}
