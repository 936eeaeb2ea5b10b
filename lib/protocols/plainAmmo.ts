import type { Ammo } from '../core/shot.js';

/** Ammo with nothing in it, for guns that need none. */
export interface EmptyAmmo extends Ammo {
  readonly protocol: 'empty';
}

/** One JSON value, for guns that make their own sense of it. */
export interface JsonAmmo extends Ammo {
  readonly protocol: 'json';
  readonly value: unknown;
}

/** One number of a sequence, for guns that make their own sense of it. */
export interface NumberAmmo extends Ammo {
  readonly protocol: 'number';
  /** 0, 1, 2, ... */
  readonly value: number;
}
