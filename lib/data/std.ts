import { addAbortSignal, type Readable, Writable } from 'node:stream';
import { struct } from '../codec/struct.js';
import type { DataSink, DataSource } from '../core/data.js';
import { defineComponent } from '../plugin/descriptor.js';
import { readable } from './readable.js';

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

/** The bytes that somebody pipes into the process, unpacked when they are packed with gzip. Can be read only once. */
export function stdinSource(stdin: Readable): DataSource {
  return {
    name: 'stdin',
    rereadable: false,
    open: (signal) => readable(() => (signal === undefined ? stdin : addAbortSignal(signal, stdin)), { name: 'stdin' }),
  };
}

/** The `stdin` source. */
export const stdinSourceComponent = defineComponent({
  kind: 'source',
  name: 'stdin',
  summary: 'Reads standard input, once.',
  codec: () => struct('stdin source', {}),
  create: (_config, deps) => stdinSource(deps.stdin),
});

/** The `stdout` sink. */
export const stdoutSinkComponent = defineComponent({
  kind: 'sink',
  name: 'stdout',
  summary: 'Writes to standard output, which stays open.',
  codec: () => struct('stdout sink', {}),
  create: (_config, deps) => streamSink('stdout', deps.stdout),
});

/** The `stderr` sink. */
export const stderrSinkComponent = defineComponent({
  kind: 'sink',
  name: 'stderr',
  summary: 'Writes to standard error, which stays open.',
  codec: () => struct('stderr sink', {}),
  create: (_config, deps) => streamSink('stderr', deps.stderr),
});
