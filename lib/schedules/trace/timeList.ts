/** Epoch microseconds in the order in which they were read, 8 bytes each. */
export class TimeList {
  #times = new Float64Array(1024);
  #size = 0;
  #latest = Number.NEGATIVE_INFINITY;
  /** How many times are earlier than a time before them. */
  disordered = 0;
  /** The largest step back, in microseconds. */
  furthestBackUs = 0;

  get size(): number {
    return this.#size;
  }

  add(timeUs: number): void {
    if (this.#size === this.#times.length) {
      const more = new Float64Array(2 * this.#size);
      more.set(this.#times);
      this.#times = more;
    }
    this.#times[this.#size++] = timeUs;
    if (timeUs < this.#latest) {
      this.disordered++;
      this.furthestBackUs = Math.max(this.furthestBackUs, this.#latest - timeUs);
    } else this.#latest = timeUs;
  }

  /** Returns the times in order. No time may be added afterwards. */
  sorted(): Float64Array {
    const times = this.#times.subarray(0, this.#size);
    return this.disordered > 0 ? times.sort() : times;
  }
}
