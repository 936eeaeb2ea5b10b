const KEEP = 4096;

/** Bytes kept from one read to the next: the beginning of a line whose end has not arrived. Bounded by its user. */
export class ByteCarry {
  #bytes = Buffer.alloc(0);
  length = 0;

  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Copies a range behind what is already there. */
  append(source: Uint8Array, start: number, end: number): void {
    const needed = this.length + end - start;
    if (needed > this.#bytes.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(256, needed, this.#bytes.length * 2));
      grown.set(this.#bytes.subarray(0, this.length));
      this.#bytes = grown;
    }
    this.#bytes.set(source.subarray(start, end), this.length);
    this.length = needed;
  }

  /** Forgets all, and gives the memory back when it was unusually much. */
  clear(): void {
    this.length = 0;
    if (this.#bytes.length > KEEP) this.#bytes = Buffer.alloc(0);
  }
}
