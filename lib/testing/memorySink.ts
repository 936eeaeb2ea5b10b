import { Writable } from 'node:stream';
import type { DataSink } from '../core/data.js';

/** A sink in memory, for tests: what was written, and how often it was opened and closed. */
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
