import type { Route } from '../route.js';
import { writeBody } from './writeBody.js';

/** `/bytes/N`: a body of N bytes with its length in the head. */
export const bytes: Route = {
  parameters: [{ name: 'N', min: 0, max: 2 ** 30 }],
  handle(exchange, length = 0) {
    exchange.head(200, ['Content-Type', 'text/plain', 'Content-Length', String(length)]);
    writeBody(exchange.response, length);
  },
};
