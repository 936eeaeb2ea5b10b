import type { Random } from '../core/deps.js';
import { realTimeScheduler } from './realTime.js';

/** A seed from the time, for a run without a seed. */
export function anySeed(): number {
  return Math.floor(realTimeScheduler.now() * 1000) % 2 ** 32;
}

/**
 * A seeded pseudo-random generator, uniform in [0, 1): the same seed gives the same sequence on every machine.
 * Algorithm: mulberry32 (Tommy Ettinger, public domain), period 2^32. Not for secrets.
 *
 * @example
 * const random = seededRandom(42);
 * random(); // always the same first number
 */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
