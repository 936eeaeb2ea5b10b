import type { Bytes } from '../../../core/units.js';
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
export class ResponseHeadCache {
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

/** Follows one reading of a head, to have it remembered if it lay whole in one piece. */
export class HeadKeeper {
  #memo: ResponseHeadCache | undefined;
  /** Where the head begins in the piece that is being read, -1 when it began in another or not at all. */
  #start = -1;

  /** The next response begins. */
  begin(memo: ResponseHeadCache | undefined): void {
    this.#memo = memo;
    this.#start = -1;
  }

  /** Looks whether the bytes begin with the head that is known. Answers its length and takes over what it says, or 0. */
  recall(bytes: Uint8Array, start: number, end: number, framing: ResponseFraming): number {
    if (this.#memo === undefined) return 0;
    const length = this.#memo.match(bytes, start, end);
    if (length > 0) framing.copy(this.#memo.framing);
    else this.#start = start;
    return length;
  }

  /** A head has been read up to `end`. */
  learn(bytes: Uint8Array, end: number, framing: ResponseFraming): void {
    if (this.#start >= 0) this.#memo?.learn(bytes, this.#start, end, framing);
    this.#start = -1;
  }

  /** The piece is over: a head that goes on in the next is not remembered. */
  forget(): void {
    this.#start = -1;
  }
}
