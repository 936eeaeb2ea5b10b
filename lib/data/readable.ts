import { ElpisError, isElpisError } from '../core/errors.js';
import { gunzipped } from './gunzipped.js';

/** How the bytes of a source are read and how its failures are told. */
export interface ReadableOptions {
  /** Name of the source, for messages. */
  readonly name: string;
  /** What can be done about a failure. */
  readonly hint?: (cause: unknown) => string | undefined;
}

/**
 * Reads bytes, unpacked when they are packed; a failure becomes `ELPIS_SOURCE` and names the source.
 *
 * @param open Called when the first byte is asked for.
 */
export async function* readable(
  open: () => AsyncIterable<Uint8Array> | Promise<AsyncIterable<Uint8Array>>,
  { name, hint }: ReadableOptions,
): AsyncGenerator<Uint8Array> {
  try {
    yield* gunzipped(await open());
  } catch (cause) {
    if (isElpisError(cause)) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    const advice = hint?.(cause);
    throw new ElpisError('ELPIS_SOURCE', `${name}: can not be read: ${reason}`, {
      cause,
      ...(advice === undefined ? {} : { hint: advice }),
    });
  }
}
