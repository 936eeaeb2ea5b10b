import type { Ammo } from '../core/ammo.js';

/** One number of a sequence, for guns that make their own sense of it. */
export interface NumberAmmo extends Ammo {
  readonly protocol: 'number';
  /** 0, 1, 2, ... */
  readonly value: number;
}
