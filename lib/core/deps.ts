import type { Readable, Writable } from 'node:stream';
import type { SchedulerLike } from 'rxjs';
import type { ConnectionWatch } from './connections.js';
import type { EpochMs, Millis } from './units.js';

/**
 * A part of a run, for threads and machines alike: of all operations and ammo rows, those whose global index `i` has
 * `i % of === index`. Times are computed by the global formula, so the union of all shares is the whole run.
 */
export interface Share {
  /** The index of the share, from 0. */
  readonly index: number;
  /** How many shares there are. */
  readonly of: number;
}

/** The share of an undivided run. */
export const WHOLE: Share = { index: 0, of: 1 };

/** True when the global index `index` belongs to the share. */
export function inShare(share: Share, index: number): boolean {
  return index % share.of === share.index;
}

/** The `n`-th global index of the share, from 0. */
export function nthOfShare(share: Share, n: number): number {
  return share.index + n * share.of;
}

/** The global index of the share that is `n` places after its global index `index`. */
export function nextInShare(share: Share, index: number, n = 1): number {
  return index + n * share.of;
}

/** The number of indexes of the share from its index `from` up to, but without, `end`. */
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

/** An exchange with the target that was bad or failed, as text without secrets in its headers. */
export interface OfferedExchange {
  readonly startedAt: EpochMs;
  readonly serviceMs: Millis;
  /** The request as a command of curl, or of grpcurl for gRPC; absent when that cannot send it. */
  readonly curl?: string;
  readonly request: string;
  /** `null` when there was no response. */
  readonly response: string | null;
}

/** Keeps a few exchanges that were bad or failed, as examples. */
export interface ExchangeKeeper {
  /** True when the head and the body of the next bad response are to be recorded for {@link ExchangeKeeper.offer}. */
  wantsResponse(): boolean;
  /**
   * Offers an exchange. It is called for bad and failed ones only.
   *
   * @param reason Such as `status 503` or `timeout`.
   * @param make Called at once, and only when the exchange is kept.
   */
  offer(tag: string, reason: string, make: () => OfferedExchange): void;
}

/** The dependencies of a component. They are passed in; a component never uses a global instead. */
export interface Deps {
  readonly scheduler: SchedulerLike;
  readonly random: Random;
  readonly log: Log;
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** The part of the run that this process plays; the whole by default. */
  readonly share: Share;
  /** IP addresses of targets by `host:port`, as the guns of this run found them. Default: each gun keeps its own. */
  readonly names?: Map<string, string>;
  /**
   * Receives each bad item of ammo: one that a provider skips, or one that cannot be shot. `kind` is a stable name of
   * the error, `place` has the place of the item and the error. The totals are in the summary. Default: they are not
   * counted.
   */
  readonly onBadAmmo?: (kind: string, place: string) => void;
  /** Receives the bad and failed exchanges of guns. Default: none is kept. */
  readonly exchanges?: ExchangeKeeper | undefined;
  /** Counts the connections of guns. Default: they are not counted. */
  readonly connections?: ConnectionWatch | undefined;
}
