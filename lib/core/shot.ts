import type { Tick } from './plan.js';
import type { EpochMs, Millis } from './units.js';

/**
 * A tick with its ammo: one operation on its way through the engine.
 *
 * The firing operator owns the shot until the gun's stream ends. It fills in the mutable fields just before it calls
 * `gun.shoot`; the gun MUST treat the shot as read-only and copy what it needs into its samples.
 */
export interface Shot<A> extends Tick {
  /** For an operation on demand it is set when the shot is fired: the moment at which its instance was free. */
  at: EpochMs;
  readonly ammo: A;
  /** Id of the instance that shoots, from 0; -1 before it is known. */
  instance: number;
  /** When the gun was called; 0 before it is known. */
  started: EpochMs;
  /**
   * The time for which the operation waits for a free instance in a generator without delays: caused by the target.
   * The ideal start is `at + slotWait`; a later start is lateness, caused by the generator.
   */
  slotWait: Millis;
}

/**
 * What one shot needs: a request, a message, a number. Ammo is immutable to the gun.
 *
 * A provider MAY reuse an ammo object, but only after `release` was called for it; the firing operator calls `release`
 * exactly once per ammo, after the shot has ended or was discarded.
 */
export interface Ammo {
  /** Number of the ammo in the order of acquisition, from 1. */
  readonly id: number;
  /** Groups samples in results; empty when the ammo has none. */
  readonly tag: string;
}
