import type { Ammo } from '../core/ammo.js';

/** One JSON value, for guns that make their own sense of it. */
export interface JsonAmmo extends Ammo {
  readonly protocol: 'json';
  readonly value: unknown;
}
