import { addAbortSignal, type Readable, Writable } from 'node:stream';
import { struct } from '../codec/struct.js';
import type { DataSink, DataSource } from '../core/data.js';
import { component } from '../plugin/component.js';
import { readable } from './readable.js';

/**
 * A stream of the process, such as stdout. Ending the result of `open` waits until all bytes are written, and does not
 * end the stream, since other code writes to it.
 */
export function sinkOfStream(name: string, stream: Writable): DataSink {
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

/** Standard input; gzip is decompressed. It can be read only once. */
export function sourceOfStdin(stdin: Readable): DataSource {
  return {
    name: 'stdin',
    rereadable: false,
    open: (signal) => readable(() => (signal === undefined ? stdin : addAbortSignal(signal, stdin)), { name: 'stdin' }),
  };
}

/** The `stdin` source. @example stdinSource() */
export const stdinSource = component({
  kind: 'source',
  name: 'stdin',
  summary: 'Reads standard input, once.',
  example: {},
  options: struct('stdin source', {}),
  create: (_options, deps) => sourceOfStdin(deps.stdin),
  traits: () => ({ stdin: true }),
});

/** The `stdout` sink. @example stdoutSink() */
export const stdoutSink = component({
  kind: 'sink',
  name: 'stdout',
  summary: 'Writes to standard output, which stays open.',
  example: {},
  options: struct('stdout sink', {}),
  create: (_options, deps) => sinkOfStream('stdout', deps.stdout),
  traits: () => ({ stdout: true }),
});

/** The `stderr` sink. @example stderrSink() */
export const stderrSink = component({
  kind: 'sink',
  name: 'stderr',
  summary: 'Writes to standard error, which stays open.',
  example: {},
  options: struct('stderr sink', {}),
  create: (_options, deps) => sinkOfStream('stderr', deps.stderr),
});
