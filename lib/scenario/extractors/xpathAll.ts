import type { Extractor } from './extractor.js';
import { xpathQuery } from './xpathQuery.js';

/**
 * As `xpath`, all that the expression selects. Not there when that is nothing.
 *
 * @throws ElpisError `ELPIS_CONFIG` for an expression that is none.
 * @example
 * extract({ links: xpathAll('//ul[@class="goods"]//a/@href') });
 */
export function xpathAll(expression: string): Extractor<readonly string[]> {
  const query = xpathQuery(expression);
  return (response) => {
    const all = query(response);
    return all.length > 0 ? all : undefined;
  };
}
