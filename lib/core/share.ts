/**
 * A part of a run, for threads and machines alike: of all operations and ammo rows, those whose global index `i` has
 * `i % of === index`. Times are computed by the global formula, so the union of all shares is the whole run.
 */
export interface Share {
  /** Which stripe, from 0. */
  readonly index: number;
  /** How many stripes there are. */
  readonly of: number;
}
