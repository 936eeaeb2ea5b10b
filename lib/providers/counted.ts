import { integer, unsigned } from '../codec/scalars.js';
import { optional, struct } from '../codec/struct.js';
import { DONE, type Polled } from '../core/cursor.js';
import { countInShare, nextInShare, nthOfShare, type Share } from '../core/deps.js';
import { component } from '../plugin/component.js';
import type { EmptyAmmo, NumberAmmo } from '../protocols/plainAmmo.js';
import { BaseCursor } from '../pull/baseCursor.js';
import { Pullable } from '../pull/pullable.js';

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

function emptyAmmo(index: number): EmptyAmmo {
  return { protocol: 'empty', id: index + 1, tag: '' };
}

const howMany = (limit: number): string => (limit <= 0 ? 'endless' : `${limit.toLocaleString('en-US')} ammo`);

/** The `dummy` provider: endless empty ammo, for guns that need none. @example dummy() */
export const dummy = component({
  kind: 'provider',
  name: 'dummy',
  summary: 'Endless empty ammo, for guns that need none.',
  example: { limit: 1000 },
  options: struct('dummy ammo', {
    /** How many; 0 for no limit. */
    limit: optional(unsigned, 0, 'how many; 0 for no limit'),
  }),
  create: ({ limit }, { scheduler, share }) =>
    new Pullable(() => new CountedCursor(limit, share, emptyAmmo), { scheduler }),
  describe: ({ limit }) => `dummy, ${howMany(limit)}`,
  traits: ({ limit }) => ({ makes: ['empty'], endless: limit <= 0 }),
});

function numberAmmo(index: number): NumberAmmo {
  return { protocol: 'number', id: index + 1, tag: '', value: index };
}

/** The `num` provider: 0, 1, 2, ... @example num({ limit: 10 }) */
export const num = component({
  kind: 'provider',
  name: 'num',
  summary: 'The numbers 0, 1, 2, ...',
  example: { limit: 1000 },
  options: struct('num ammo', {
    /** How many numbers; 0 or less for no limit. */
    limit: optional(integer, 0, 'how many numbers; 0 or less for no limit'),
  }),
  create: ({ limit }, { scheduler, share }) =>
    new Pullable(() => new CountedCursor(limit, share, numberAmmo), { scheduler }),
  describe: ({ limit }) => `num, ${howMany(limit)}`,
  traits: ({ limit }) => ({ makes: ['number'], endless: limit <= 0 }),
});
