import { createRequire } from 'node:module';
import type { Document } from 'domhandler';
import type { TransportResponse } from '../../protocols/transport.js';

const load = createRequire(import.meta.url);
const known = new WeakMap<TransportResponse, Document>();

/** The body as an HTML document, read once per answer and as browsers do: what is left open is closed. */
export function htmlDocument(response: TransportResponse): Document {
  const found = known.get(response);
  if (found !== undefined) return found;
  const { parseDocument } = load('htmlparser2') as typeof import('htmlparser2');
  const document = parseDocument(response.text);
  known.set(response, document);
  return document;
}
