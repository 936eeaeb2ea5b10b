import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { ElpisError } from '../../core/errors.js';

const CHUNK = 256 * 1024;

/** RFC 1952, 2.3.1. */
const isPacked = (start: Buffer): boolean => start[0] === 0x1f && start[1] === 0x8b;

function* chunksOf(file: string): Generator<Buffer> {
  const descriptor = openSync(file, 'r');
  try {
    for (let first = true; ; first = false) {
      const chunk = Buffer.allocUnsafe(CHUNK);
      const size = readSync(descriptor, chunk, 0, CHUNK, null);
      if (size === 0) return;
      if (first && isPacked(chunk)) {
        yield gunzipSync(readFileSync(file));
        return;
      }
      yield chunk.subarray(0, size);
    }
  } finally {
    closeSync(descriptor);
  }
}

function unreadable(file: string, cause: unknown): ElpisError {
  const { code, message } = Object(cause) as { readonly code?: unknown; readonly message?: unknown };
  const hint = code === 'ENOENT' ? { hint: 'a relative path starts at the working directory, not at the config' } : {};
  return new ElpisError('ELPIS_SOURCE', `${file}: can not be read: ${String(message)}`, { cause, ...hint });
}

/**
 * The bytes of a file, unpacked when they are packed with gzip (then all at once), read at once and not in the background: a
 * plan has to know its count before the run.
 *
 * @throws ElpisError `ELPIS_SOURCE` when it can't be read.
 */
export function* fileBytes(file: string): Generator<Buffer> {
  const chunks = chunksOf(file);
  try {
    for (;;) {
      let next: IteratorResult<Buffer>;
      try {
        next = chunks.next();
      } catch (cause) {
        throw unreadable(file, cause);
      }
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    chunks.return(undefined);
  }
}
