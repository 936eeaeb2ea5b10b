import { type Cursor, DONE, type Polled } from '../core/cursor.js';
import type { Share } from '../core/share.js';

/** Ammo that is made from its index alone: every `of`-th of the whole run, up to `limit` (0 for endless). */
export class CountedCursor<A> implements Cursor<A> {
  readonly #returned: A[] = [];
  readonly #end: number;
  #next: number;

  constructor(
    limit: number,
    private readonly share: Share,
    private readonly make: (index: number) => A,
  ) {
    this.#end = limit <= 0 ? Number.POSITIVE_INFINITY : limit;
    this.#next = share.index;
  }

  poll(): Polled<A> {
    if (this.#returned.length > 0) return this.#returned.pop() as A;
    const index = this.#next;
    if (index >= this.#end) return DONE;
    this.#next += this.share.of;
    return this.make(index);
  }

  whenReady(): void {
    throw new TypeError('counted ammo is never pending');
  }

  giveBack(ammo: A): void {
    this.#returned.push(ammo);
  }

  left(): number {
    const more = Math.max(0, Math.ceil((this.#end - this.#next) / this.share.of));
    return this.#returned.length + more;
  }

  close(): void {
    this.#returned.length = 0;
    this.#next = Number.POSITIVE_INFINITY;
  }
}
