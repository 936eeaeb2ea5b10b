import type { Readable, Writable } from 'node:stream';
import type { SchedulerLike } from 'rxjs';

/**
 * A part of a run, for threads and machines alike: of all operations and ammo rows, those whose global index `i` has
 * `i % of === index`. Times are computed by the global formula, so the union of all shares is the whole run.
 */
export interface Share {
  /** Which share, from 0. */
  readonly index: number;
  /** How many shares there are. */
  readonly of: number;
}

/** The share of a run that is not divided. */
export const WHOLE: Share = { index: 0, of: 1 };

/** True when the global index `index` belongs to the share. */
export function inShare(share: Share, index: number): boolean {
  return index % share.of === share.index;
}

/** The `n`-th global index of the share, from 0. */
export function nthOfShare(share: Share, n: number): number {
  return share.index + n * share.of;
}

/** The global index of the share that is `n` places after `index`, which is one of its own. */
export function nextInShare(share: Share, index: number, n = 1): number {
  return index + n * share.of;
}

/** The number of indexes of the share from `from`, which is one of them, up to before `end`. */
export function countInShare(share: Share, end: number, from: number = share.index): number {
  return Math.max(0, Math.ceil((end - from) / share.of));
}

/** A pseudo-random source: uniform in [0, 1). Seeded, so that the same seed gives the same run. */
export type Random = () => number;

/** The log for components. Fields are plain data. */
export interface Log {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

/** Everything outside a component that it may need. It is passed in; a component never uses a global instead. */
export interface Deps {
  readonly scheduler: SchedulerLike;
  readonly random: Random;
  readonly log: Log;
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** The part of the run that this process plays; the whole by default. */
  readonly share: Share;
  /**
   * Receives each bad item of ammo: one that a provider skips, or one that cannot be shot. `kind` is a stable name of what is wrong,
   * `place` says where the item is and what is wrong. The totals are in the summary. Default: they are not counted.
   */
  readonly onBadAmmo?: (kind: string, place: string) => void;
}
