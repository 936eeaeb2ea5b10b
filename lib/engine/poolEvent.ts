import type { Report } from '../core/report.js';
import type { EpochMs, Millis } from '../core/units.js';

/** Live counters of a pool. */
export interface PoolProgress {
  /** Since the pool's first instance could start. */
  readonly elapsed: Millis;
  readonly requests: number;
  readonly responses: number;
  readonly inFlight: number;
  /** Instances that are running. */
  readonly instances: number;
  readonly instancesStarted: number;
  /** How many of them were started because an operation was due and no instance was free. */
  readonly instancesGrown: number;
  readonly discarded: number;
  readonly unfinished: number;
}

/** What happens to the pools of a run, in order. Errors come by the error channel, after every pool has been closed. */
export type PoolEvent =
  | { readonly type: 'pool-started'; readonly pool: string; readonly at: EpochMs }
  | { readonly type: 'progress'; readonly pool: string; readonly at: EpochMs; readonly progress: PoolProgress }
  | { readonly type: 'report'; readonly pool: string; readonly at: EpochMs; readonly report: Report }
  | { readonly type: 'pool-finished'; readonly pool: string; readonly at: EpochMs; readonly progress: PoolProgress };
