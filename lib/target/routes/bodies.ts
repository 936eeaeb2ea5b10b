import type { Writable } from 'node:stream';
import type { Bytes } from '../../core/units.js';
import type { Route } from '../exchange.js';
import { readBody } from './shop.js';
import { longest } from './troubles.js';

const WIDTH = 64;

/** The content of bodies: 64 KiB of lines of 63 letters. Never changed. */
const filler: Uint8Array = Buffer.alloc(65_536, `${'elpis'.repeat(13).slice(0, WIDTH - 1)}\n`);

/** Writes `length` bytes in pieces, at most as fast as the client reads them, and ends the response. */
function writeBody(response: Writable, length: Bytes, piece: Bytes = filler.length): void {
  let left = length;
  const write = (): void => {
    while (left > piece) {
      left -= piece;
      if (!response.write(filler.subarray(0, piece))) {
        response.once('drain', write);
        return;
      }
    }
    response.end(filler.subarray(0, left));
  };
  write();
}

/** `/bytes/N`: a body of N bytes with its length in the head. */
export const bytes: Route = {
  parameters: [{ name: 'N', min: 0, max: 2 ** 30 }],
  handle(exchange, length = 0) {
    exchange.head(200, ['Content-Type', 'text/plain', 'Content-Length', String(length)]);
    writeBody(exchange.response, length);
  },
};

const CHUNK_BYTES = 1_024;

/** `/chunked/N`: a body of N bytes in chunks of up to 1,024, without its length in the head. */
export const chunked: Route = {
  parameters: [{ name: 'N', min: 0, max: 2 ** 26 }],
  handle(exchange, length = 0) {
    exchange.head(200, ['Content-Type', 'text/plain', 'Transfer-Encoding', 'chunked']);
    writeBody(exchange.response, length, CHUNK_BYTES);
  },
};

const PIECE_MS = 20;

/** `/slow/MS/BYTES`: the head at once, then a body of BYTES in equal pieces spread over MS milliseconds. */
export const slow: Route = {
  parameters: [
    { name: 'MS', min: 0, max: longest, fraction: true },
    { name: 'BYTES', min: 0, max: filler.length },
  ],
  handle(exchange, span = 0, length = 0) {
    const { response } = exchange;
    const body: Writable = response;
    const pieces = Math.max(1, Math.min(length, Math.ceil(span / PIECE_MS)));
    const sentBy = (piece: number): number => Math.floor((length * piece) / pieces);
    exchange.head(200, ['Content-Type', 'text/plain', 'Content-Length', String(length)]);
    // HTTP/2 sends the head at once.
    if ('flushHeaders' in response) response.flushHeaders();
    const drip = (piece: number): void => {
      const part = filler.subarray(sentBy(piece - 1), sentBy(piece));
      if (piece === pieces) {
        body.end(part);
        return;
      }
      body.write(part);
      exchange.later(span / pieces, () => drip(piece + 1));
    };
    exchange.later(span / pieces, () => drip(1));
  },
};

/**
 * `/echo`: the request as the target parsed it, as JSON: `method`, `target`, `httpVersion`, `headers` (by lower-case
 * name), `rawHeaders` (name, value, name, value... as sent) and `body` as UTF-8 text. 413 when the body is over 1 MiB.
 */
export const echo: Route = {
  parameters: [],
  handle(exchange) {
    readBody(exchange, (body) => {
      const { method, url, httpVersion, headers, rawHeaders } = exchange.request;
      const seen = { method, target: url, httpVersion, headers, rawHeaders, body };
      exchange.respond(200, `${JSON.stringify(seen)}\n`, 'application/json');
    });
  },
};

const OK = Buffer.from('ok\n');

/** `/`: 200 and `ok`, without a delay. */
export const fixed: Route = {
  parameters: [],
  handle: (exchange) => exchange.respond(200, OK),
};
