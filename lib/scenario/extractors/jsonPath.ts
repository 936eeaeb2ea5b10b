import type { Extractor } from './extractor.js';
import { jsonQuery } from './jsonQuery.js';
import { textOf } from './textOf.js';

/**
 * What a JSONPath (RFC 9535) selects first in the body: as text, or as it is when a guard says what it is. A value that the
 * guard refuses counts as not there, and so does `null` without a guard.
 *
 * @throws ElpisError `ELPIS_CONFIG` for a path that is none.
 * @example
 * const isNumber = (value: unknown): value is number => typeof value === 'number';
 * extract({ token: jsonPath('$.token'), total: jsonPath('$.total', isNumber) });
 */
export function jsonPath(path: string): Extractor<string>;
export function jsonPath<T>(path: string, is: (value: unknown) => value is T): Extractor<T>;
export function jsonPath(path: string, is?: (value: unknown) => boolean): Extractor<unknown> {
  const query = jsonQuery(path);
  return ({ json }) => {
    const [found] = query(json);
    if (is === undefined) return textOf(found);
    return is(found) ? found : undefined;
  };
}
