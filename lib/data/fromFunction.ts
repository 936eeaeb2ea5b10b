import { Writable } from 'node:stream';
import type { DataSink, DataSource } from '../core/data.js';
import { readable } from './readable.js';

/** Options of {@link sourceFromFunction}. */
export interface SourceFromFunctionOptions {
  /** For messages. Default: the name of the function, or `function`. */
  readonly name?: string;
  /** False when the function can be called only once. Default true. */
  readonly rereadable?: boolean;
}

/**
 * A source from a function that yields bytes or text.
 *
 * @example
 * sourceFromFunction(function* numbers() { for (let i = 0; i < 1e6; i++) yield `/item/${i}\n`; });
 */
export function sourceFromFunction(
  open: (signal?: AbortSignal) => AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>,
  options: SourceFromFunctionOptions = {},
): DataSource {
  const name = options.name ?? (open.name || 'function');
  async function* bytes(signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
    for await (const part of open(signal)) yield typeof part === 'string' ? Buffer.from(part) : part;
  }
  return {
    name,
    rereadable: options.rereadable ?? true,
    open: (signal) => readable(() => bytes(signal), { name }),
  };
}

/** Options of {@link sinkFromFunction}. */
export interface SinkFromFunctionOptions {
  /** For messages. Default: the name of the function, or `function`. */
  readonly name?: string;
  /** Called once, after the last chunk was accepted; awaited. */
  readonly close?: () => void | Promise<void>;
}

/**
 * A sink from a function that is called with each chunk of bytes. A promise that it returns is awaited before the next
 * chunk; an exception fails the sink.
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
