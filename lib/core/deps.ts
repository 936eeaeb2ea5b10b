import type { Readable, Writable } from 'node:stream';
import type { SchedulerLike } from 'rxjs';

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

/** A pseudo-random source: uniform in [0, 1). Seeded, so that the same seed gives the same run. */
export type Random = () => number;

/** Where components report what a person should know. Fields are plain data. */
export interface Log {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

/** Everything from the outside world that a component may need; handed in, never reached for. */
export interface Deps {
  readonly scheduler: SchedulerLike;
  readonly random: Random;
  readonly log: Log;
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** The part of the run that this process plays; the whole by default. */
  readonly share: Share;
}
