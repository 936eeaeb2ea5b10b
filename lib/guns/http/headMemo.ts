import type { Bytes } from '../../core/units.js';
import { ResponseFraming } from './responseFraming.js';

/** Longer heads are not remembered. */
const LONGEST: Bytes = 2048;
/** After so many different heads in a row no more are remembered: they differ every time. */
const PATIENCE = 16;

/**
 * Remembers the head of the last answer to a request. Most servers send the same head over and over, but for a date that
 * changes once a second: comparing bytes is several times cheaper than reading lines, and it gives the same result, for
 * what a head says depends on nothing but its bytes.
 */
export class HeadMemo {
  /** What the head says. */
  readonly framing = new ResponseFraming();
  #bytes: Uint8Array | undefined;
  #length: Bytes = 0;
  #misses = 0;

  /** Length of the remembered head if the bytes begin with just that, else 0. */
  match(bytes: Uint8Array, start: number, end: number): Bytes {
    const known = this.#bytes;
    const length = this.#length;
    if (known === undefined || end - start < length) return 0;
    for (let i = 0; i < length; i++) if (known[i] !== bytes[start + i]) return 0;
    this.#misses = 0;
    return length;
  }

  /** Remembers a head that has been read. */
  learn(bytes: Uint8Array, start: number, end: number, framing: ResponseFraming): void {
    const length = end - start;
    if (length > LONGEST || this.#misses >= PATIENCE) {
      this.#length = 0;
      this.#bytes = undefined;
      return;
    }
    this.#misses++;
    if (this.#bytes === undefined || this.#bytes.length < length) this.#bytes = new Uint8Array(length);
    for (let i = 0; i < length; i++) this.#bytes[i] = bytes[start + i] as number;
    this.#length = length;
    this.framing.copy(framing);
  }
}
