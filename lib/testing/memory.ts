import { Writable } from 'node:stream';
import type { DataSink, DataSource } from '../core/data.js';

/** A sink in memory, for tests. It keeps its bytes, and counts how often it was opened and closed. */
export class MemorySink implements DataSink {
  readonly name = 'memory';
  readonly #chunks: Buffer[] = [];
  opened = 0;
  closed = 0;

  open(): Writable {
    this.opened++;
    return new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        this.#chunks.push(Buffer.from(chunk));
        done();
      },
      final: (done) => {
        this.closed++;
        done();
      },
    });
  }

  /** Everything written so far. */
  get text(): string {
    return Buffer.concat(this.#chunks).toString();
  }
}

/** Options of {@link MemorySource}. */
export interface MemorySourceOptions {
  /** For messages. Default `memory`. */
  readonly name?: string;
  /** False: it can be read only once, like stdin. Default true. */
  readonly rereadable?: boolean;
  /** Thrown after the last chunk, or at once when there are no chunks. */
  readonly error?: unknown;
}

/**
 * A source in memory, for tests of providers: it returns its chunks one by one, each in a later turn of the event loop,
 * as a file does, and counts how often it was opened and closed.
 *
 * @example
 * const source = new MemorySource(['/one\n/tw', 'o\n']);
 * for await (const chunk of source.open()) console.log(chunk.length); // 7, 2
 */
export class MemorySource implements DataSource {
  readonly name: string;
  readonly rereadable: boolean;
  opened = 0;
  closed = 0;
  readonly #chunks: readonly Uint8Array[];
  readonly #options: MemorySourceOptions;

  constructor(chunks: readonly (string | Uint8Array)[], options: MemorySourceOptions = {}) {
    this.#chunks = chunks.map((chunk) => (typeof chunk === 'string' ? Buffer.from(chunk) : chunk));
    this.#options = options;
    this.name = options.name ?? 'memory';
    this.rereadable = options.rereadable ?? true;
  }

  async *open(signal?: AbortSignal): AsyncGenerator<Uint8Array> {
    if (!this.rereadable && this.opened > 0) throw new Error(`${this.name} can be read only once`);
    this.opened++;
    try {
      for (const chunk of this.#chunks) {
        await Promise.resolve();
        if (signal?.aborted === true) return;
        yield chunk;
      }
      if ('error' in this.#options) throw this.#options.error;
    } finally {
      this.closed++;
    }
  }
}
