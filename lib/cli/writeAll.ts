import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** Writes many pieces of text, waiting whenever the stream is full, so that memory stays flat. */
export async function writeAll(stream: Writable, pieces: Iterable<string> | AsyncIterable<string>): Promise<void> {
  for await (const piece of pieces) {
    if (!stream.write(piece)) await once(stream, 'drain');
  }
}
