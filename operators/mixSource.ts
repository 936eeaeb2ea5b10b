import type { Cursor } from '../lib/core/cursor.js';

/** One of the sources of a mix. When it wants its ammo back, it knows what it lent. */
export class MixSource<A> {
  readonly #lent: Map<A, number> | undefined;

  constructor(
    readonly weight: number,
    readonly cursor: Cursor<A>,
  ) {
    this.#lent = cursor.release === undefined ? undefined : new Map();
  }

  /** Notes that this ammo is under way. */
  lend(ammo: A): void {
    this.#lent?.set(ammo, (this.#lent.get(ammo) ?? 0) + 1);
  }

  /** Releases ammo that is not needed any more. False when it did not come from here. */
  takeBack(ammo: A): boolean {
    const times = this.#lent?.get(ammo);
    if (times === undefined) return false;
    if (times === 1) this.#lent?.delete(ammo);
    else this.#lent?.set(ammo, times - 1);
    this.cursor.release?.(ammo);
    return true;
  }
}
