import type { Bytes } from '../../core/units.js';
import type { Batch } from './batch.js';
import { type Encoder, NO_ROOM } from './encoder.js';

const MIN_BYTES = 4096;
/** Larger batches make nothing faster, and copying one would hold up the shooting. */
const MAX_BYTES = 64 * 1024;

/** The batch of a line format: an encoder and one buffer that is reused. */
export class EncodedBatch<S> implements Batch<S> {
  size = 0;
  #buffer: Buffer;
  #used = 0;

  /** @param bytes Wanted size of the buffer, kept between 4 KiB and 64 KiB; 0 is 64 KiB. A longer line gets a longer buffer. */
  constructor(
    private readonly encode: Encoder<S>,
    bytes: Bytes = MAX_BYTES,
  ) {
    const wanted = bytes > 0 ? Math.min(Math.max(bytes, MIN_BYTES), MAX_BYTES) : MAX_BYTES;
    this.#buffer = Buffer.allocUnsafeSlow(wanted);
  }

  add(sample: S): boolean {
    let end = this.encode(sample, this.#buffer, this.#used);
    if (end === NO_ROOM && this.size > 0) return false;
    while (end === NO_ROOM) {
      this.#buffer = Buffer.allocUnsafeSlow(this.#buffer.length * 2);
      end = this.encode(sample, this.#buffer, 0);
    }
    this.#used = end;
    this.size++;
    return true;
  }

  take(): Uint8Array {
    const lines = Buffer.from(this.#buffer.subarray(0, this.#used));
    this.#used = 0;
    this.size = 0;
    return lines;
  }
}
