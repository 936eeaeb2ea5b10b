import type { Route } from '../route.js';
import { readBody } from './readBody.js';

/**
 * `/echo`: what the target understood of the request, as JSON: `method`, `target`, `httpVersion`, `headers` (by lower-case
 * name), `rawHeaders` (name, value, name, value... as sent) and `body` as UTF-8 text. 413 when the body is over 1 MiB.
 */
export const echo: Route = {
  parameters: [],
  handle(exchange) {
    readBody(exchange, (body) => {
      const { method, url, httpVersion, headers, rawHeaders } = exchange.request;
      const seen = { method, target: url, httpVersion, headers, rawHeaders, body };
      exchange.answer(200, `${JSON.stringify(seen)}\n`, 'application/json');
    });
  },
};
