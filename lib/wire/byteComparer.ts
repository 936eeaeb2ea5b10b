import type { Bytes } from '../core/units.js';

/** Compares received bytes with kept ones, four at a time, which takes a third of the time. */
export class ByteComparer {
  /** Of the memory of the bytes seen last: all sockets are read into one buffer. */
  #seen: DataView | undefined;

  /** True when the bytes from `start` on begin with the first `length` of `kept`. There must be that many. */
  same(kept: DataView, length: Bytes, bytes: Uint8Array, start: number): boolean {
    if (this.#seen?.buffer !== bytes.buffer) this.#seen = new DataView(bytes.buffer);
    const seen = this.#seen;
    const offset = bytes.byteOffset + start;
    const whole = length - (length % 4);
    for (let i = 0; i < whole; i += 4) if (kept.getInt32(i) !== seen.getInt32(offset + i)) return false;
    for (let i = whole; i < length; i++) if (kept.getUint8(i) !== seen.getUint8(offset + i)) return false;
    return true;
  }
}
