import { createRequire } from 'node:module';
import type { Document } from 'domhandler';
import type { TransportResponse } from '../../protocols/transport.js';

const load = createRequire(import.meta.url);

/** The body as an HTML document, read once per answer and as browsers do: what is left open is closed. */
export function htmlDocument(response: TransportResponse): Document {
  return response.parsed(parse);
}

function parse({ text }: TransportResponse): Document {
  const { parseDocument } = load('htmlparser2') as typeof import('htmlparser2');
  return parseDocument(text);
}
