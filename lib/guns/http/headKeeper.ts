import type { HeadMemo } from './headMemo.js';
import type { ResponseFraming } from './responseFraming.js';

/** Follows one reading of a head, to have it remembered if it lay whole in one piece. */
export class HeadKeeper {
  #memo: HeadMemo | undefined;
  /** Where the head begins in the piece that is being read, -1 when it began in another or not at all. */
  #start = -1;

  /** The next response begins. */
  begin(memo: HeadMemo | undefined): void {
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
