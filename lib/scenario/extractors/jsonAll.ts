import type { Extractor } from './extractor.js';
import { jsonQuery } from './jsonQuery.js';
import { textOf } from './textOf.js';

/**
 * All that a JSONPath (RFC 9535) selects in the body, as texts, `null` left out. Not there when it selects nothing.
 *
 * @throws ElpisError `ELPIS_CONFIG` for a path that is none.
 * @example
 * extract({ ids: jsonAll('$.goods[*].id') });
 */
export function jsonAll(path: string): Extractor<readonly string[]> {
  const query = jsonQuery(path);
  return ({ json }) => {
    const texts = query(json).flatMap((value) => textOf(value) ?? []);
    return texts.length > 0 ? texts : undefined;
  };
}
