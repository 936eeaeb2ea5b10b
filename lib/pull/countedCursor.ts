import { DONE, type Polled } from '../core/cursor.js';
import { countInShare, nextInShare, nthOfShare, type Share } from '../core/deps.js';
import { BaseCursor } from './baseCursor.js';

/** The ammo of a share, made from the index alone, up to index `limit` of the whole run; 0: without end. */
export class CountedCursor<A> extends BaseCursor<A> {
  readonly #end: number;
  #next: number;

  constructor(
    limit: number,
    private readonly share: Share,
    private readonly make: (index: number) => A,
  ) {
    super();
    this.#end = limit <= 0 ? Number.POSITIVE_INFINITY : limit;
    this.#next = nthOfShare(share, 0);
  }

  protected override draw(): Polled<A> {
    const index = this.#next;
    if (index >= this.#end) return DONE;
    this.#next = nextInShare(this.share, index);
    return this.make(index);
  }

  protected override drawable(): number {
    return countInShare(this.share, this.#end, this.#next);
  }

  override close(): void {
    super.close();
    this.#next = Number.POSITIVE_INFINITY;
  }
}
