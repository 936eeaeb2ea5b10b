import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { defined } from '../core/defined.js';
import { describeError } from '../core/errorContext.js';
import { ElpisError, isElpisError } from '../core/errors.js';

const CHUNK = 64 * 1024;

function isGzip(start: Uint8Array): boolean {
  return start[0] === 0x1f && start[1] === 0x8b;
}

async function* startingWith(start: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    if (start.length > 0) yield start;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

/**
 * Decompresses gzip, which is detected by its first two bytes (RFC 1952, 2.3.1); all other bytes pass unchanged.
 */
async function* gunzipped(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const iterator = bytes[Symbol.asyncIterator]();
  let start: Uint8Array = new Uint8Array(0);
  let ended = false;
  try {
    while (start.length < 2 && !ended) {
      const next = await iterator.next();
      ended = next.done === true;
      if (next.done !== true) start = start.length === 0 ? next.value : Buffer.concat([start, next.value]);
    }
  } catch (error) {
    await iterator.return?.();
    throw error;
  }
  const all = startingWith(start, iterator);
  if (!isGzip(start)) {
    yield* all;
    return;
  }
  const unpacked = createGunzip({ chunkSize: CHUNK });
  // A failure of either stream destroys the other and reaches the reader through the last one.
  pipeline(Readable.from(all, { objectMode: false }), unpacked, () => undefined);
  yield* unpacked as AsyncIterable<Uint8Array>;
}

/** Options of reading the bytes of a source. */
export interface ReadableOptions {
  /** Name of the source, for messages. */
  readonly name: string;
  /** The hint for a failure. */
  readonly hint?: (cause: unknown) => string | undefined;
}

/**
 * Reads bytes, and decompresses gzip; a failure becomes `ELPIS_SOURCE` and names the source.
 *
 * @param open Called at the request of the first byte.
 */
export async function* readable(
  open: () => AsyncIterable<Uint8Array> | Promise<AsyncIterable<Uint8Array>>,
  { name, hint }: ReadableOptions,
): AsyncGenerator<Uint8Array> {
  try {
    yield* gunzipped(await open());
  } catch (cause) {
    if (isElpisError(cause)) throw cause;
    const reason = describeError(cause);
    const advice = hint?.(cause);
    throw new ElpisError('ELPIS_SOURCE', `${name}: cannot be read: ${reason}`, {
      cause,
      ...defined({ hint: advice }),
    });
  }
}
