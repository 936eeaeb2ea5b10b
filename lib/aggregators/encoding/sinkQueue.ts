import { finished, type Writable } from 'node:stream';
import type { DataSink } from '../../core/data.js';
import type { Bytes } from '../../core/units.js';
import { Ring } from '../../coreutil/ring.js';

interface Handed {
  /** Number of bytes handed over up to and including this piece. */
  readonly upTo: Bytes;
  readonly samples: number;
}

/** An opened sink, and how many samples it has been handed that it has not written yet. */
export class SinkQueue {
  readonly #stream: Writable;
  readonly #pending = new Ring<Handed>();
  #oldest: Handed | undefined;
  #bytes: Bytes = 0;
  #held = 0;

  /**
   * Opens the sink.
   *
   * @param over Called once, when all is written and closed or when the sink has failed.
   */
  constructor(sink: DataSink, over: (error?: Error | null) => void) {
    this.#stream = sink.open();
    finished(this.#stream, { readable: false }, over);
    this.#stream.on('error', () => {}); // told by `finished`; what comes after that has nobody to hear it
  }

  /** Number of samples that are not known to be written; never too low. */
  get held(): number {
    return this.#held;
  }

  write(lines: Uint8Array, samples: number): void {
    this.settle();
    this.#bytes += lines.length;
    this.#held += samples;
    this.#pending.push({ upTo: this.#bytes, samples });
    this.#stream.write(lines);
  }

  /** Looks how far the sink has come. */
  settle(): void {
    const written = this.#bytes - this.#stream.writableLength;
    for (;;) {
      this.#oldest ??= this.#pending.shift();
      if (this.#oldest === undefined || this.#oldest.upTo > written) return;
      this.#held -= this.#oldest.samples;
      this.#oldest = undefined;
    }
  }

  /** Ends the stream once; it closes when all is written. */
  end(): void {
    if (!this.#stream.writableEnded) this.#stream.end();
  }

  /** Closes at once; what is not written is lost. Does nothing after the end. */
  close(): void {
    if (!this.#stream.writableFinished) this.#stream.destroy();
  }
}
