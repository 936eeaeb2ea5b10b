/**
 * Whatever one shot needs: a request, a message, a number. Ammo is immutable to the gun.
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
