import type { Share } from '../../core/share.js';
import type { Bytes } from '../../core/units.js';
import type { Row } from './row.js';

/** Rows for this process. */
export interface StripedBatch<R> {
  readonly rows: readonly R[];
  /** Their numbers from 1 in the whole run; undefined when no rows are left out, so that they are just counted. */
  readonly ids: readonly number[] | undefined;
  /** How many bytes the rows hold on to. */
  readonly bytes: Bytes;
}

/**
 * Takes the rows of one share: those whose index in the whole run is in its stripe. Ids keep the numbering of the whole
 * run; a row that can't be shot has none and answers 0.
 */
export class Stripe<R extends Row> {
  #index = 0;
  #id = 0;

  constructor(private readonly share: Share) {}

  of(rows: readonly R[], bytes: Bytes): StripedBatch<R> | undefined {
    const { index, of } = this.share;
    if (of <= 1) return { rows, ids: undefined, bytes };
    const mine: R[] = [];
    const ids: number[] = [];
    for (const row of rows) {
      if (row.problem === undefined) this.#id++;
      if (this.#index++ % of !== index) continue;
      mine.push(row);
      ids.push(row.problem === undefined ? this.#id : 0);
    }
    return mine.length === 0 ? undefined : { rows: mine, ids, bytes };
  }
}
