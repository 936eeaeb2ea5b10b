import type { DataSource } from '../core/data.js';
import { readable } from './readable.js';

/** Options of {@link sourceFromFunction}. */
export interface SourceFromFunctionOptions {
  /** For messages. Default: the name of the function, or `function`. */
  readonly name?: string;
  /** False when the function can be called only once. Default true. */
  readonly rereadable?: boolean;
}

/**
 * A source from a function that yields bytes or text: made up on the fly, or fetched from wherever.
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
