import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Random } from '../core/deps.js';
import type { Millis } from '../core/units.js';
import type { Shop } from './shop/shop.js';

/** One request at the target, and the means to answer it. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Seeded; shared by all exchanges. */
  readonly random: Random;
  /** The state behind `/login`, `/cart` and `/order`; shared by all exchanges. */
  readonly shop: Shop;
  /** Writes a head with this status and these raw headers (name, value, name, value...), and counts the answer. */
  head(status: number, headers: readonly string[]): void;
  /** Writes a whole answer. */
  answer(status: number, body: string | Uint8Array, type?: string): void;
  /** Does `work` later, unless the exchange has ended by then. */
  later(delay: Millis, work: () => void): void;
}
