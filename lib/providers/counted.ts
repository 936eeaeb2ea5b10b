import { integer, unsigned } from '../codec/scalars.js';
import { optional, struct } from '../codec/struct.js';
import { type Cursor, DONE, type Polled } from '../core/cursor.js';
import type { Share } from '../core/deps.js';
import { defineComponent } from '../plugin/descriptor.js';
import type { EmptyAmmo, NumberAmmo } from '../protocols/plainAmmo.js';
import { Pullable } from '../pull/pullable.js';

/** Ammo that is made from its index alone: every `of`-th of the whole run, up to `limit` (0 for endless). */
class CountedCursor<A> implements Cursor<A> {
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

function emptyAmmo(index: number): EmptyAmmo {
  return { protocol: 'empty', id: index + 1, tag: '' };
}

/** The `dummy` provider: endless ammo with nothing in it, for guns that need none. */
export const dummyProvider = defineComponent({
  kind: 'provider',
  name: 'dummy',
  summary: 'Endless ammo with nothing in it, for guns that need none.',
  codec: () => struct('dummy ammo', { limit: optional(unsigned, 0, 'how many; 0 for endlessly many') }),
  create: ({ limit }, { scheduler, share }) =>
    new Pullable(() => new CountedCursor(limit, share, emptyAmmo), { scheduler }),
});

function numberAmmo(index: number): NumberAmmo {
  return { protocol: 'number', id: index + 1, tag: '', value: index };
}

/** The `num` provider: 0, 1, 2, ... */
export const numProvider = defineComponent({
  kind: 'provider',
  name: 'num',
  summary: 'The numbers 0, 1, 2, ...',
  codec: () => struct('num ammo', { limit: optional(integer, 0, 'how many numbers; 0 or less for endlessly many') }),
  create: ({ limit }, { scheduler, share }) =>
    new Pullable(() => new CountedCursor(limit, share, numberAmmo), { scheduler }),
});
