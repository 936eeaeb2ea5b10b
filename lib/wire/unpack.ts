import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { Observable, of } from 'rxjs';
import type { Bytes } from '../core/units.js';

/** A body, and whether it was truncated. */
export interface Body {
  readonly bytes: Uint8Array;
  readonly truncated: boolean;
}

/** Bytes that a decoder returns at a time: the most memory beyond the limit. */
const CHUNK = 64 * 1024;

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: () => createGunzip({ chunkSize: CHUNK }),
  'x-gzip': () => createGunzip({ chunkSize: CHUNK }),
  deflate: () => createInflate({ chunkSize: CHUNK }),
  br: () => createBrotliDecompress({ chunkSize: CHUNK }),
};

/**
 * Decodes the body of a response by its `Content-Encoding`, up to a limit: a megabyte of gzip can unpack to a
 * gigabyte.
 *
 * - Emits one body and completes: at once without an encoding, else after decoding, outside of the event loop.
 * - Beyond the limit it stops decoding, and emits the decoded part as `truncated`.
 * - A body that cannot be decoded is emitted as received, so that the checks of a scenario fail.
 * - Unsubscribing stops decoding.
 *
 * @param limit Most bytes of the decoded body.
 */
export function unpack(body: Body, encoding: string | undefined, limit: Bytes): Observable<Body> {
  const decoder = DECODERS[encoding?.toLowerCase() ?? ''];
  if (decoder === undefined || body.bytes.length === 0) return of(body);
  return new Observable((subscriber) => {
    const stream = decoder();
    const chunks: Uint8Array[] = [];
    let length = 0;
    const end = (made: Body): void => {
      subscriber.next(made);
      subscriber.complete();
    };
    const decoded = (truncated: boolean): Body => ({
      bytes: Buffer.concat(chunks, Math.min(length, limit)),
      truncated,
    });
    stream.on('data', (chunk: Uint8Array) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length > limit) end(decoded(true));
    });
    stream.on('end', () => end(decoded(body.truncated)));
    // The end of a cut body is missing, so its decoder fails after the existing part.
    stream.on('error', () => end(body.truncated && length > 0 ? decoded(true) : body));
    stream.end(body.bytes);
    return () => stream.destroy();
  });
}
