import { Writable } from 'node:stream';
import type { DataSink } from '../core/data.js';

/** Options of {@link sinkFromFunction}. */
export interface SinkFromFunctionOptions {
  /** For messages. Default: the name of the function, or `function`. */
  readonly name?: string;
  /** Called once, after the last chunk was accepted; awaited. */
  readonly close?: () => void | Promise<void>;
}

/**
 * A sink from a function that is called with each chunk of bytes. A promise that it answers is awaited before the next
 * chunk; what it throws fails the sink.
 *
 * @example
 * let total = 0;
 * sinkFromFunction((bytes) => { total += bytes.length; }, { name: 'size' });
 */
export function sinkFromFunction(
  write: (chunk: Uint8Array) => unknown,
  options: SinkFromFunctionOptions = {},
): DataSink {
  const settle = async (work: () => unknown, done: (error?: Error | null) => void): Promise<void> => {
    try {
      await work();
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    done();
  };
  return {
    name: options.name ?? (write.name || 'function'),
    open: () =>
      new Writable({
        write: (chunk: Uint8Array, _encoding, done) => void settle(() => write(chunk), done),
        final: (done) => void settle(() => options.close?.(), done),
      }),
  };
}
