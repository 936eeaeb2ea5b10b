import type { Extractor } from './extractor.js';
import { xpathQuery } from './xpathQuery.js';

/**
 * What an XPath 1.0 expression selects first in an HTML body, as text without spaces at its ends. An empty text of a function
 * counts as not there.
 *
 * @throws ElpisError `ELPIS_CONFIG` for an expression that is none.
 * @example
 * extract({ csrf: xpath('//input[@name="csrf"]/@value'), goods: xpath('count(//li)') });
 */
export function xpath(expression: string): Extractor<string> {
  const query = xpathQuery(expression);
  return (response) => query(response)[0];
}
