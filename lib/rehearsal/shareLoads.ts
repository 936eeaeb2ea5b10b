/** How many operations of each share are under way, when the operations are divided into shares by their index. */
export class ShareLoads {
  readonly #busy: Int32Array;
  readonly #most: Int32Array;

  constructor(shares: number) {
    this.#busy = new Int32Array(shares);
    this.#most = new Int32Array(shares);
  }

  started(index: number): void {
    const share = index % this.#busy.length;
    const busy = (this.#busy[share] as number) + 1;
    this.#busy[share] = busy;
    if (busy > (this.#most[share] as number)) this.#most[share] = busy;
  }

  ended(index: number): void {
    const share = index % this.#busy.length;
    this.#busy[share] = (this.#busy[share] as number) - 1;
  }

  /** The largest number at once, by share. */
  get most(): readonly number[] {
    return [...this.#most];
  }
}
