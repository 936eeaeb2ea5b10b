import { isDeepStrictEqual } from 'node:util';
import { jsonQuery } from '../extractors/jsonQuery.js';
import type { Json } from '../steps/requestOptions.js';
import type { Test } from './test.js';

/**
 * What a JSONPath (RFC 9535) selects first in the body is that value, or passes that test; without either, it is there.
 *
 * @throws ElpisError `ELPIS_CONFIG` for a path that is none.
 * @example
 * check({ 'is open': jsonIs('$.state', 'open'), 'has goods': jsonIs('$.goods[0]') });
 */
export function jsonIs(path: string, expected?: Json | ((value: unknown) => boolean)): Test {
  const query = jsonQuery(path);
  return ({ json }) => {
    const [found] = query(json);
    if (found === undefined || expected === undefined) return found !== undefined;
    return typeof expected === 'function' ? expected(found) : isDeepStrictEqual(found, expected);
  };
}
