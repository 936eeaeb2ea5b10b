import { Writable } from 'node:stream';
import type { DataSink } from '../core/data.js';

/**
 * A stream of the process, such as stdout. Ending what `open` answers waits until everything is written, but leaves the
 * stream itself open, since others write to it too.
 */
export function streamSink(name: string, stream: Writable): DataSink {
  return {
    name,
    open: () => {
      const opened = new Writable({
        decodeStrings: true,
        write: (chunk: Buffer, _encoding, done) => {
          stream.write(chunk, (error) => done(error ?? null));
        },
        destroy: (error, done) => {
          stream.off('error', failed);
          done(error);
        },
      });
      const failed = (error: Error): void => {
        opened.destroy(error);
      };
      stream.on('error', failed);
      return opened;
    },
  };
}
