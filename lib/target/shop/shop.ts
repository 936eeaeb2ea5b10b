import type { Random } from '../../core/deps.js';

/**
 * A map that drops its oldest entry when it is full.
 *
 * @example
 * const map = new BoundedMap<string, number>(1);
 * map.set('a', 1);
 * map.set('b', 2);
 * map.get('a'); // undefined
 */
export class BoundedMap<K, V> {
  readonly #entries = new Map<K, V>();

  constructor(private readonly capacity: number) {}

  get(key: K): V | undefined {
    return this.#entries.get(key);
  }

  set(key: K, value: V): void {
    this.#entries.set(key, value);
    if (this.#entries.size <= this.capacity) return;
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest);
      return;
    }
  }

  /** Removes an entry and returns its value. */
  take(key: K): V | undefined {
    const value = this.#entries.get(key);
    this.#entries.delete(key);
    return value;
  }
}

/** A good that the shop sells. */
export interface Good {
  readonly id: number;
  readonly name: string;
  readonly price: number;
}

/** A user who has logged in. */
export interface Customer {
  readonly user: string;
  readonly token: string;
  /** Amounts by the id of the good. */
  readonly cart: Map<number, number>;
}

const MAX_CUSTOMERS = 10_000;
const NAMES = [
  'lamp',
  'chair',
  'table',
  'clock',
  'mirror',
  'carpet',
  'shelf',
  'vase',
  'basket',
  'blanket',
  'candle',
  'jar',
];

/** The goods of the shop. */
export const GOODS: readonly Good[] = NAMES.map((name, i) => ({ id: i + 1, name, price: 5 + 7 * i }));

/** The state of the target's shop: in memory, and bounded, since the oldest customers are dropped. */
export class Shop {
  readonly #forms = new BoundedMap<string, true>(MAX_CUSTOMERS);
  readonly #customers = new BoundedMap<string, Customer>(MAX_CUSTOMERS);
  #orders = 0;

  constructor(private readonly random: Random) {}

  /** The secret of a new login form, valid for one login. */
  form(): string {
    const secret = this.#secret();
    this.#forms.set(secret, true);
    return secret;
  }

  /** Returns true once for each form. */
  redeem(secret: string): boolean {
    return this.#forms.take(secret) === true;
  }

  /** Logs a user in and returns the id of the session. */
  enter(user: string): { readonly sid: string; readonly customer: Customer } {
    const sid = this.#secret();
    const customer = { user, token: this.#secret(), cart: new Map<number, number>() };
    this.#customers.set(sid, customer);
    return { sid, customer };
  }

  customer(sid: string): Customer | undefined {
    return this.#customers.get(sid);
  }

  /** Buys what is in a cart, and empties it. */
  order({ cart }: Customer): { readonly order: number; readonly total: number } {
    const total = totalOf(cart);
    cart.clear();
    return { order: ++this.#orders, total };
  }

  #secret(): string {
    return Array.from({ length: 3 }, () =>
      Math.floor(this.random() * 2 ** 32)
        .toString(16)
        .padStart(8, '0'),
    ).join('');
  }
}

/** The price of the goods in a cart. */
export function totalOf(cart: ReadonlyMap<number, number>): number {
  let total = 0;
  for (const [id, amount] of cart) total += (GOODS[id - 1]?.price ?? 0) * amount;
  return total;
}
