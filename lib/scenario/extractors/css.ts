import { createRequire } from 'node:module';
import type { AnyNode, Element } from 'domhandler';
import { A_TEXT, checkArgument } from '../../core/argument.js';
import { describeError } from '../../core/errorContext.js';
import { ElpisError } from '../../core/errors.js';
import type { TransportResponse } from '../../protocols/transport.js';
import type { Extractor } from './extractor.js';
import { htmlDocument, htmlParser } from './htmlDocument.js';
import { queryWithin } from './limits.js';

const load = createRequire(import.meta.url);

function textIn(node: AnyNode): string {
  if ('data' in node && node.type === 'text') return node.data;
  return 'children' in node ? node.children.map(textIn).join('') : '';
}

/**
 * Makes a query from a CSS selector. The query returns, for each selected element, the value of an attribute or the
 * trimmed text. Elements without the attribute are skipped.
 *
 * @throws ElpisError `ELPIS_CONFIG` for an invalid selector.
 */
function cssQuery(selector: string, attribute?: string): (response: TransportResponse) => readonly string[] {
  const { compile, selectAll } = load('css-select') as typeof import('css-select');
  htmlParser();
  let query: (element: Element) => boolean;
  try {
    if (selector.trim() === '') throw new SyntaxError('it is empty');
    query = compile<AnyNode, Element>(selector);
  } catch (cause) {
    const why = describeError(cause);
    throw new ElpisError('ELPIS_CONFIG', `${JSON.stringify(selector)} is not a CSS selector: ${why}`, { cause });
  }
  return (response) =>
    queryWithin(response, () =>
      selectAll<AnyNode, Element>(query, htmlDocument(response).children).flatMap((element) =>
        attribute === undefined ? [textIn(element).trim()] : (element.attribs[attribute] ?? []),
      ),
    );
}

/**
 * An attribute or the trimmed text of the first element that a CSS selector selects in an HTML body.
 *
 * @throws ElpisError `ELPIS_CONFIG` for an invalid selector.
 * @example
 * extract({ csrf: css('form input[name=csrf]', 'value'), title: css('h1') });
 */
export function css(selector: string, attribute?: string): Extractor<string> {
  checkArgument('css', 'selector', selector, A_TEXT);
  const query = cssQuery(selector, attribute);
  return (response) => query(response)[0];
}

/**
 * As `css`, for all elements that the selector selects. `undefined` when there are none.
 *
 * @throws ElpisError `ELPIS_CONFIG` for an invalid selector.
 * @example
 * extract({ links: cssAll('ul.goods a', 'href') });
 */
export function cssAll(selector: string, attribute?: string): Extractor<readonly string[]> {
  checkArgument('cssAll', 'selector', selector, A_TEXT);
  const query = cssQuery(selector, attribute);
  return (response) => {
    const all = query(response);
    return all.length > 0 ? all : undefined;
  };
}
