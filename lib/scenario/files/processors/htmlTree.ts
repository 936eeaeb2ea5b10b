import { createRequire } from 'node:module';
import type { Document as XmlDocument, Node as XmlNode } from '@xmldom/xmldom';
import type { DefaultTreeAdapterMap, DefaultTreeAdapterTypes, TreeAdapter } from 'parse5';
import type { TransportResponse } from '../../../protocols/transport.js';
import { EvaluationError } from '../values/evaluationError.js';

const load = createRequire(import.meta.url);

/** The deepest nesting of elements, as in browsers. It bounds the stack of recursive code. */
const DEEPEST = 512;
/** The most attributes of one element. The DOM needs quadratic time for them. */
const MAX_ATTRIBUTES = 1000;
/** Names that XML allows. HTML allows more, but no expression could name them. */
const NAME = /^[A-Za-z_][\w.-]*$/;

type HtmlNode = DefaultTreeAdapterTypes.ChildNode;

class Grower {
  constructor(private readonly document: XmlDocument) {}

  grow(parent: XmlNode, children: readonly HtmlNode[], depth: number): void {
    // Elements that the parser moves may be deeper than where they began.
    if (depth > DEEPEST) throw tooDeep();
    for (const child of children) {
      if ('value' in child) parent.appendChild(this.document.createTextNode(child.value));
      else if ('data' in child) parent.appendChild(this.document.createComment(child.data));
      else if ('tagName' in child) this.#element(parent, child, depth);
    }
  }

  #element(parent: XmlNode, { tagName, attrs, childNodes }: DefaultTreeAdapterTypes.Element, depth: number): void {
    if (attrs.length > MAX_ATTRIBUTES)
      throw new EvaluationError('too-long', `an element has over ${MAX_ATTRIBUTES} attributes`);
    const element = this.document.createElement(NAME.test(tagName) ? tagName : 'unnamed');
    for (const { name, value } of attrs) if (NAME.test(name)) element.setAttribute(name, value);
    parent.appendChild(element);
    this.grow(element, childNodes, depth + 1);
  }
}

const tooDeep = (): EvaluationError => new EvaluationError('too-deep', `the HTML is nested over ${DEEPEST} deep`);

/** Builds the tree of the parser, and stops at the depth limit: for deeper ones the parser needs quadratic time. */
function limitedAdapter(): TreeAdapter<DefaultTreeAdapterMap> {
  const { defaultTreeAdapter } = htmlParser();
  const depths = new WeakMap<object, number>();
  const placed = (parent: object, node: object): void => {
    const depth = (depths.get(parent) ?? 0) + 1;
    if (depth > DEEPEST) throw tooDeep();
    depths.set(node, depth);
  };
  return {
    ...defaultTreeAdapter,
    appendChild: (parent, node) => {
      placed(parent, node);
      defaultTreeAdapter.appendChild(parent, node);
    },
    insertBefore: (parent, node, reference) => {
      placed(parent, node);
      defaultTreeAdapter.insertBefore(parent, node, reference);
    },
  };
}

/** Loads the parser, so that the first response does not wait for it. */
export const htmlParser = (): typeof import('parse5') => load('parse5') as typeof import('parse5');

/**
 * The body as a document of HTML5, as browsers build it: with `html`, `head` and `body` around any fragment. In the form that XPath
 * needs. Computed once per response.
 *
 * @throws EvaluationError `too-deep` or `too-long`.
 */
export function htmlTree(response: TransportResponse): XmlDocument {
  return response.parsed(treeOf);
}

function treeOf({ text }: TransportResponse): XmlDocument {
  const { DOMImplementation } = load('@xmldom/xmldom') as typeof import('@xmldom/xmldom');
  const document = new DOMImplementation().createDocument(null, '');
  new Grower(document).grow(document, htmlParser().parse(text, { treeAdapter: limitedAdapter() }).childNodes, 0);
  return document;
}
