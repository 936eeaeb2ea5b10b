import { Writable } from 'node:stream';
import type { DataSink } from '../../../lib/core/data.js';

/** A sink that keeps the written bytes; with `hold` every write waits for a call of `letGo`. */
export class MemorySink implements DataSink {
  readonly name = 'memory';
  readonly chunks: Buffer[] = [];
  opened = 0;
  finished = false;
  destroyed = false;
  #waiting: (() => void) | undefined;

  constructor(private readonly hold = false) {}

  get text(): string {
    return Buffer.concat(this.chunks).toString();
  }

  open(): Writable {
    this.opened++;
    return new Writable({
      write: (chunk: Buffer, _encoding, written) => {
        this.chunks.push(chunk);
        if (this.hold) this.#waiting = written;
        else written();
      },
      final: (done) => {
        this.finished = true;
        done();
      },
      destroy: (error, done) => {
        this.destroyed = true;
        done(error);
      },
    });
  }

  /** Completes the write that waits. */
  release(): void {
    const written = this.#waiting;
    this.#waiting = undefined;
    written?.();
  }
}
