import { cssQuery } from './cssQuery.js';
import type { Extractor } from './extractor.js';

/**
 * The first element of an HTML body that a CSS selector selects: an attribute of it, or its text without spaces at its ends.
 *
 * @throws ElpisError `ELPIS_CONFIG` for a selector that is none.
 * @example
 * extract({ csrf: css('form input[name=csrf]', 'value'), title: css('h1') });
 */
export function css(selector: string, attribute?: string): Extractor<string> {
  const query = cssQuery(selector, attribute);
  return (response) => query(response)[0];
}
