import type { Route } from '../route.js';
import { writeBody } from './writeBody.js';

const CHUNK_BYTES = 1_024;

/** `/chunked/N`: a body of N bytes in chunks of up to 1,024, its length not told before. */
export const chunked: Route = {
  parameters: [{ name: 'N', min: 0, max: 2 ** 26 }],
  handle(exchange, length = 0) {
    exchange.head(200, ['Content-Type', 'text/plain', 'Transfer-Encoding', 'chunked']);
    writeBody(exchange.response, length, CHUNK_BYTES);
  },
};
