import { type TaskEither, tryCatch } from 'fp-ts/lib/TaskEither.js';
import type { ElpisError } from '../../core/errors.js';
import { readFault } from './readFault.js';

/** Everything that standard input has to say, as text. */
export function readStream(stream: AsyncIterable<Uint8Array | string>): TaskEither<ElpisError, string> {
  return tryCatch(
    async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of stream)
        chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(chunk));
      return Buffer.concat(chunks).toString('utf8');
    },
    (error) => readFault('stdin', error),
  );
}
