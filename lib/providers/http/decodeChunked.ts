import { Buffer } from 'node:buffer';

const NEWLINE = 10;
const SIZE = /^([\da-f]{1,8})[ \t]*(?:;|$)/i;

/** A body put together from its chunks. */
export interface ChunkedBody {
  readonly body: Buffer;
  /** What is wrong with the chunks; the body is then what came before. */
  readonly problem: string | undefined;
}

/** Takes the chunked transfer coding off a body (RFC 9112, 7.1). Chunk extensions and trailers are dropped. */
export function decodeChunked(bytes: Buffer): ChunkedBody {
  const parts: Buffer[] = [];
  const broken = (problem: string): ChunkedBody => ({ body: Buffer.concat(parts), problem });
  let at = 0;
  for (;;) {
    const end = bytes.indexOf(NEWLINE, at);
    if (end < 0) return broken('the chunked body is cut off');
    const match = SIZE.exec(bytes.toString('latin1', at, end).trimEnd());
    if (match === null) return broken('a chunk of the body has no size');
    const size = Number.parseInt(match[1] as string, 16);
    if (size === 0) return { body: Buffer.concat(parts), problem: undefined };
    const chunkEnd = end + 1 + size;
    if (chunkEnd > bytes.length) return broken('the chunked body is cut off');
    parts.push(bytes.subarray(end + 1, chunkEnd));
    at = chunkEnd;
    if (bytes[at] === 13) at++;
    if (bytes[at] !== NEWLINE) return broken('a chunk of the body is longer than it says');
    at++;
  }
}
