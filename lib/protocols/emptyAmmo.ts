import type { Ammo } from '../core/ammo.js';

/** Ammo with nothing in it, for guns that need none. */
export interface EmptyAmmo extends Ammo {
  readonly protocol: 'empty';
}
