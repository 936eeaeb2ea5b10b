import type { Batch } from './batch.js';

/** What a decoded row is taken to need besides its bytes. */
const ROW_BYTES = 256;

/** Keeps the rows of the first pass for the passes after it, as long as they fit. */
export class KeptRows<R> {
  #rows: R[] | undefined = [];
  #weight = 0;

  /** @param capacity How much memory the rows may take, estimated. */
  constructor(private readonly capacity: number) {}

  add({ rows, bytes }: Batch<R>): void {
    if (this.#rows === undefined) return;
    this.#weight += bytes + rows.length * ROW_BYTES;
    if (this.#weight > this.capacity) this.#rows = undefined;
    else for (const row of rows) this.#rows.push(row);
  }

  /** Every row so far, or undefined when they were too many. */
  get all(): readonly R[] | undefined {
    return this.#rows;
  }
}
