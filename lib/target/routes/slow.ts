import type { Route } from '../route.js';
import { filler } from './filler.js';
import { longest } from './longest.js';

const PIECE_MS = 20;

/** `/slow/MS/BYTES`: the head at once, then a body of BYTES in equal pieces spread over MS milliseconds. */
export const slow: Route = {
  parameters: [
    { name: 'MS', min: 0, max: longest, fraction: true },
    { name: 'BYTES', min: 0, max: filler.length },
  ],
  handle(exchange, span = 0, length = 0) {
    const { response } = exchange;
    const pieces = Math.max(1, Math.min(length, Math.ceil(span / PIECE_MS)));
    const sentBy = (piece: number): number => Math.floor((length * piece) / pieces);
    exchange.head(200, ['Content-Type', 'text/plain', 'Content-Length', String(length)]);
    response.flushHeaders();
    const drip = (piece: number): void => {
      const part = filler.subarray(sentBy(piece - 1), sentBy(piece));
      if (piece === pieces) {
        response.end(part);
        return;
      }
      response.write(part);
      exchange.later(span / pieces, () => drip(piece + 1));
    };
    exchange.later(span / pieces, () => drip(1));
  },
};
