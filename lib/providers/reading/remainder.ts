import type { Bytes } from '../../core/units.js';

const NEWLINE = 10;

/**
 * Keeps the bytes of an incomplete item, and joins them once, when it is complete. No byte is copied more than once,
 * for chunks of any size.
 */
export class Remainder {
  #pieces: Uint8Array[] = [];
  #size: Bytes = 0;
  /** How many bytes are needed before the item is examined again; undefined: a newline is needed. */
  #need: Bytes | undefined;

  /** How many bytes are kept. */
  get size(): Bytes {
    return this.#size;
  }

  /** True when a newline completes the item, whose size is then not known. */
  get awaitsLine(): boolean {
    return this.#need === undefined;
  }

  /** Where in a chunk the item that is waited for can end at the earliest; the end of the chunk when there is none. */
  endIn(chunk: Uint8Array, from: number): number {
    if (this.#size === 0) return chunk.length;
    if (this.#need !== undefined) return Math.min(chunk.length, from + Math.max(1, this.#need - this.#size));
    const newline = chunk.indexOf(NEWLINE, from);
    return newline < 0 ? chunk.length : newline + 1;
  }

  /** Adds a chunk. @returns All bytes, when they may contain the end of the item. */
  add(chunk: Uint8Array): Buffer | undefined {
    this.#pieces.push(chunk);
    this.#size += chunk.length;
    const enough = this.#need === undefined ? chunk.includes(NEWLINE) : this.#size >= this.#need;
    return enough ? this.take() : undefined;
  }

  /** Returns all bytes, and keeps none. */
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
   * Keeps the incomplete rest of the taken bytes.
   *
   * @param need The size of the complete item, if it is known; otherwise a newline completes it.
   */
  keep(rest: Uint8Array, need?: Bytes): void {
    this.#pieces = rest.length === 0 ? [] : [rest];
    this.#size = rest.length;
    this.#need = need;
  }
}
