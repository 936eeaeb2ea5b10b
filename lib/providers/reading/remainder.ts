import type { Bytes } from '../../core/units.js';

const NEWLINE = 10;

/**
 * Holds the bytes of an item that is not complete yet, and joins them once when it is: however small the chunks, no byte
 * is copied more than once.
 */
export class Remainder {
  #pieces: Uint8Array[] = [];
  #size: Bytes = 0;
  /** How many bytes make it worthwhile to look again; undefined: a newline does. */
  #need: Bytes | undefined;

  /** How many bytes wait. */
  get size(): Bytes {
    return this.#size;
  }

  /** True when a newline completes the item, so that its size is not known. */
  get awaitsLine(): boolean {
    return this.#need === undefined;
  }

  /** Adds a chunk. @returns All bytes, when the missing end of the item may be among them. */
  add(chunk: Uint8Array): Buffer | undefined {
    this.#pieces.push(chunk);
    this.#size += chunk.length;
    const enough = this.#need === undefined ? chunk.includes(NEWLINE) : this.#size >= this.#need;
    return enough ? this.take() : undefined;
  }

  /** All bytes; none are left. */
  take(): Buffer {
    const [first] = this.#pieces;
    const bytes =
      first !== undefined && this.#pieces.length === 1
        ? Buffer.from(first.buffer, first.byteOffset, first.byteLength)
        : Buffer.concat(this.#pieces, this.#size);
    this.#pieces = [];
    this.#size = 0;
    return bytes;
  }

  /**
   * Keeps the incomplete rest of the bytes that were taken.
   *
   * @param need How long it will be when it is complete, if that is known; else a newline completes it.
   */
  keep(rest: Uint8Array, need?: Bytes): void {
    this.#pieces = rest.length === 0 ? [] : [rest];
    this.#size = rest.length;
    this.#need = need;
  }
}
