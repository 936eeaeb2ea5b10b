import type { Bytes } from '../../core/units.js';
import type { Exchange } from '../exchange.js';

const MOST_BYTES: Bytes = 2 ** 20;

/** Hands over the body of a request as UTF-8 when it is complete; answers 413 by itself when it is over 1 MiB. */
export function readBody(exchange: Exchange, then: (body: string) => void): void {
  const pieces: Buffer[] = [];
  let length = 0;
  exchange.request.on('data', (piece: Buffer) => {
    length += piece.length;
    if (length <= MOST_BYTES) pieces.push(piece);
  });
  exchange.request.once('end', () => {
    if (length > MOST_BYTES) exchange.answer(413, 'the body is over 1 MiB\n');
    else then(Buffer.concat(pieces).toString());
  });
}
