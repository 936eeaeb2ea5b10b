import type { SchedulerLike } from 'rxjs';
import { type Cursor, DONE, PENDING, type Polled } from '../lib/core/cursor.js';
import { openCursor } from '../lib/coreutil/openCursor.js';
import { FairOrder } from './fairOrder.js';
import type { MixAmmoOptions, WeightedAmmo } from './mixAmmoOptions.js';
import { MixSource } from './mixSource.js';

/** Draws from several cursors in the fair order of their weights. */
export class MixCursor<A> implements Cursor<A> {
  #sources: MixSource<A>[] = [];
  /** Those that are finished, whose ammo may still be under way. */
  readonly #finished: MixSource<A>[] = [];
  #order: FairOrder;
  /** Whose turn it is. */
  #turn: MixSource<A> | undefined;
  readonly #returned: A[] = [];
  readonly #stride: number;
  /** How many draws are left to others before the next one is ours. */
  #skip: number;
  readonly #goesOn: boolean;
  #closed = false;

  constructor(providers: readonly WeightedAmmo<A>[], options: MixAmmoOptions, scheduler: SchedulerLike) {
    const { whenOneEnds = 'end', share = { index: 0, of: 1 }, backlog } = options;
    this.#goesOn = whenOneEnds === 'continue';
    this.#stride = share.of;
    this.#skip = share.index;
    this.#order = new FairOrder(providers.map(({ weight }) => weight));
    try {
      for (const { weight, ammo } of providers)
        this.#sources.push(new MixSource(weight, openCursor(ammo, scheduler, backlog)));
    } catch (error) {
      this.close();
      throw error;
    }
    this.#turn = this.#next();
  }

  #next(): MixSource<A> | undefined {
    return this.#sources[this.#order.next()];
  }

  poll(): Polled<A> {
    if (this.#returned.length > 0) return this.#returned.pop() as A;
    for (let source = this.#turn; source !== undefined; source = this.#turn) {
      const polled = source.cursor.poll();
      if (polled === PENDING) return PENDING;
      if (polled === DONE) {
        if (!this.#goesOn) return DONE;
        this.#without(source);
        continue;
      }
      this.#turn = this.#next();
      if (this.#skip === 0) {
        this.#skip = this.#stride - 1;
        source.lend(polled);
        return polled;
      }
      this.#skip--;
      source.cursor.release?.(polled);
    }
    return DONE;
  }

  /** Goes on with the others; they share what comes from now on. */
  #without(finished: MixSource<A>): void {
    this.#finished.push(finished);
    this.#sources = this.#sources.filter((source) => source !== finished);
    this.#order = new FairOrder(this.#sources.map(({ weight }) => weight));
    this.#turn = this.#sources.length > 0 ? this.#next() : undefined;
  }

  whenReady(wake: () => void): void {
    this.#turn?.cursor.whenReady(wake);
  }

  giveBack(ammo: A): void {
    this.#returned.push(ammo);
  }

  release(ammo: A): void {
    if (!this.#sources.some((source) => source.takeBack(ammo))) this.#finished.some((source) => source.takeBack(ammo));
  }

  left(): number | undefined {
    const returned = this.#returned.length;
    if (this.#turn === undefined || (!this.#goesOn && this.#turn.cursor.left?.() === 0)) return returned;
    const lefts = this.#sources.map(({ cursor }) => cursor.left?.() ?? Number.NaN);
    if (lefts.every((left) => left === Number.POSITIVE_INFINITY)) return Number.POSITIVE_INFINITY;
    const sum = lefts.reduce((total, left) => total + left, returned);
    return this.#goesOn && this.#stride === 1 && !Number.isNaN(sum) ? sum : undefined;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const ammo of this.#returned.splice(0)) this.release(ammo);
    this.#turn = undefined;
    for (const { cursor } of [...this.#sources, ...this.#finished]) cursor.close();
  }
}
