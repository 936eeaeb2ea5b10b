import { cssQuery } from './cssQuery.js';
import type { Extractor } from './extractor.js';

/**
 * As `css`, of all elements that the selector selects. Not there when there are none.
 *
 * @throws ElpisError `ELPIS_CONFIG` for a selector that is none.
 * @example
 * extract({ links: cssAll('ul.goods a', 'href') });
 */
export function cssAll(selector: string, attribute?: string): Extractor<readonly string[]> {
  const query = cssQuery(selector, attribute);
  return (response) => {
    const all = query(response);
    return all.length > 0 ? all : undefined;
  };
}
