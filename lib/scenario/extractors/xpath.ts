import { createRequire } from 'node:module';
import type { Document as XmlDocument, Node as XmlNode } from '@xmldom/xmldom';
import type { ChildNode } from 'domhandler';
import { A_TEXT, checkArgument } from '../../core/argument.js';
import { describeError } from '../../core/errorContext.js';
import { ElpisError } from '../../core/errors.js';
import type { TransportResponse } from '../../protocols/transport.js';
import type { Extractor } from './extractor.js';
import { htmlDocument, htmlParser } from './htmlDocument.js';
import { queryWithin } from './limits.js';

/** The used part of the library `xpath`. Its own types do not contain the parser. */
interface XPathLibrary {
  parse(expression: string): { evaluate(options: { readonly node: XmlDocument }): XPathResult };
}
interface XPathResult {
  stringValue(): string;
  /** Only for a set of nodes. */
  toArray?(): { readonly nodeValue: string | null; readonly textContent?: string | null }[];
}

const load = createRequire(import.meta.url);
/** Names that XML allows. HTML allows more, but no expression can name them. */
const NAME = /^[A-Za-z_][\w.-]*$/;

function grow(document: XmlDocument, parent: XmlNode, children: readonly ChildNode[]): void {
  for (const child of children) {
    if (child.type === 'text') parent.appendChild(document.createTextNode(child.data));
    if (!('attribs' in child)) continue;
    const element = document.createElement(NAME.test(child.name) ? child.name : 'unnamed');
    for (const [name, value] of Object.entries(child.attribs)) if (NAME.test(name)) element.setAttribute(name, value);
    parent.appendChild(element);
    grow(document, element, child.children);
  }
}

/** The HTML document in the form that XPath needs: a tree of DOM interfaces under one root. */
function treeOf(response: TransportResponse): XmlDocument {
  const { DOMImplementation } = load('@xmldom/xmldom') as typeof import('@xmldom/xmldom');
  const document = new DOMImplementation().createDocument(null, '');
  const { children } = htmlDocument(response);
  const roots = children.filter((child) => 'attribs' in child);
  const [only] = roots;
  if (roots.length === 1 && only !== undefined) grow(document, document, [only]);
  else {
    // A fragment of a page is put into a document, as in browsers.
    const root = document.createElement('html');
    document.appendChild(root);
    grow(document, root, children);
  }
  return document;
}

/**
 * Makes a query from an XPath 1.0 expression on HTML. The query returns the texts of all selected nodes, or the one
 * value as text. Names of elements and attributes are in lower case.
 *
 * @throws ElpisError `ELPIS_CONFIG` for an invalid expression.
 */
function xpathQuery(expression: string): (response: TransportResponse) => readonly string[] {
  const xpath = load('xpath') as XPathLibrary;
  load('@xmldom/xmldom');
  htmlParser();
  let query: ReturnType<XPathLibrary['parse']>;
  try {
    query = xpath.parse(expression);
  } catch (cause) {
    const why = describeError(cause);
    throw new ElpisError('ELPIS_CONFIG', `${JSON.stringify(expression)} is not an XPath: ${why}`, { cause });
  }
  return (response) =>
    queryWithin(response, () => {
      const result = query.evaluate({ node: response.parsed(treeOf) });
      const nodes = result.toArray?.();
      if (nodes !== undefined) return nodes.map((node) => (node.nodeValue ?? node.textContent ?? '').trim());
      const text = result.stringValue();
      return text === '' ? [] : [text];
    });
}

/**
 * The first node that an XPath 1.0 expression selects in an HTML body, as trimmed text. An empty text from a function
 * counts as missing.
 *
 * @throws ElpisError `ELPIS_CONFIG` for an invalid expression.
 * @example
 * extract({ csrf: xpath('//input[@name="csrf"]/@value'), goods: xpath('count(//li)') });
 */
export function xpath(expression: string): Extractor<string> {
  checkArgument('xpath', 'expression', expression, A_TEXT);
  const query = xpathQuery(expression);
  return (response) => query(response)[0];
}

/**
 * As `xpath`, for all nodes that the expression selects. `undefined` when it selects none.
 *
 * @throws ElpisError `ELPIS_CONFIG` for an invalid expression.
 * @example
 * extract({ links: xpathAll('//ul[@class="goods"]//a/@href') });
 */
export function xpathAll(expression: string): Extractor<readonly string[]> {
  checkArgument('xpathAll', 'expression', expression, A_TEXT);
  const query = xpathQuery(expression);
  return (response) => {
    const all = query(response);
    return all.length > 0 ? all : undefined;
  };
}
