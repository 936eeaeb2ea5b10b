import type { Ammo } from '../core/shot.js';

/** Empty ammo, for guns that need none. */
export interface EmptyAmmo extends Ammo {
  readonly protocol: 'empty';
}

/** One JSON value; the gun interprets it. */
export interface JsonAmmo extends Ammo {
  readonly protocol: 'json';
  readonly value: unknown;
}

/** One number of a sequence; the gun interprets it. */
export interface NumberAmmo extends Ammo {
  readonly protocol: 'number';
  /** 0, 1, 2, ... */
  readonly value: number;
}
