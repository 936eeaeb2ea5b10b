import type { Route } from '../route.js';

const MOST_BYTES = 2 ** 20;

/**
 * `/echo`: what the target understood of the request, as JSON: `method`, `target`, `httpVersion`, `headers` (by lower-case
 * name), `rawHeaders` (name, value, name, value... as sent) and `body` as UTF-8 text. 413 when the body is over 1 MiB.
 */
export const echo: Route = {
  parameters: [],
  handle(exchange) {
    const { request } = exchange;
    const pieces: Buffer[] = [];
    let length = 0;
    request.on('data', (piece: Buffer) => {
      length += piece.length;
      if (length <= MOST_BYTES) pieces.push(piece);
    });
    request.once('end', () => {
      if (length > MOST_BYTES) {
        exchange.answer(413, 'the body is over 1 MiB\n');
        return;
      }
      const { method, url, httpVersion, headers, rawHeaders } = request;
      const body = Buffer.concat(pieces).toString();
      const seen = { method, target: url, httpVersion, headers, rawHeaders, body };
      exchange.answer(200, `${JSON.stringify(seen)}\n`, 'application/json');
    });
  },
};
