import { createRequire } from 'node:module';
import type { Document } from 'domhandler';
import type { TransportResponse } from '../../protocols/transport.js';
import { ResponseLimitError } from './limits.js';

const load = createRequire(import.meta.url);

/** The deepest nesting of elements in a document, as in browsers. It bounds the stack of recursive code. */
export const HTML_DEPTH = 512;

/** The largest number of attributes of one element. Libraries need quadratic time for them. */
export const MAX_ATTRIBUTES = 1000;

/** Loads the parser, so that the first response does not wait for it. */
export function htmlParser(): typeof import('htmlparser2') {
  return load('htmlparser2') as typeof import('htmlparser2');
}

/**
 * The body as an HTML document, parsed once per response and as in browsers: elements left open are closed.
 *
 * @throws ResponseLimitError for elements nested over 512 deep, and for over 1000 attributes of one element.
 */
export function htmlDocument(response: TransportResponse): Document {
  return response.parsed(parse);
}

function parse({ text }: TransportResponse): Document {
  const { DomHandler, Parser } = htmlParser();
  const dom = new DomHandler();
  let depth = 0;
  let attributes = 0;
  const limited: Partial<import('htmlparser2').Handler> = {
    onparserinit: (parser) => dom.onparserinit(parser),
    onopentagname: () => {
      attributes = 0;
    },
    onattribute: () => {
      if (++attributes > MAX_ATTRIBUTES)
        throw new ResponseLimitError(`an element has over ${MAX_ATTRIBUTES} attributes`);
    },
    onopentag: (name, attribs) => {
      if (++depth > HTML_DEPTH) throw new ResponseLimitError(`HTML nested over ${HTML_DEPTH} deep`);
      dom.onopentag(name, attribs);
    },
    onclosetag: () => {
      depth--;
      dom.onclosetag();
    },
    ontext: (data) => dom.ontext(data),
    oncomment: (data) => dom.oncomment(data),
    oncommentend: () => dom.oncommentend(),
    oncdatastart: () => dom.oncdatastart(),
    oncdataend: () => dom.oncdataend(),
    onprocessinginstruction: (name, data) => dom.onprocessinginstruction(name, data),
    onend: () => dom.onend(),
    onerror: (error) => dom.onerror(error),
  };
  new Parser(limited).end(text);
  return dom.root;
}
