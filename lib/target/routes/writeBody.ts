import type { ServerResponse } from 'node:http';
import type { Bytes } from '../../core/units.js';
import { filler } from './filler.js';

/** Writes `length` bytes in pieces, no faster than the client reads them, and ends the response. */
export function writeBody(response: ServerResponse, length: Bytes, piece: Bytes = filler.length): void {
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
