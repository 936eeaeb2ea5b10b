import type { Observable } from 'rxjs';
import type { Command } from '../../operators/ticks/command.js';
import type { DataSink } from '../core/data.js';
import type { Deps } from '../core/deps.js';
import type { Millis } from '../core/units.js';
import type { PoolCondition } from '../engine/conditions.js';
import type { AnnouncedPool } from '../engine/runEvent.js';
import type { ConfigOrigin, ShareLink } from './protocol.js';
import type { WorkerNames } from './workerTable.js';

/** A run that several shares play: the options of `coordinate`. */
export interface SharedRun extends WorkerNames {
  readonly origin: ConfigOrigin;
  /** The time from an order to its execution, in milliseconds: long enough for it to arrive at every share. Default 20. */
  readonly orderMs?: Millis | undefined;
  /** The ids of its pools. */
  readonly pools: readonly string[];
  readonly deps: Pick<Deps, 'scheduler' | 'log'>;
  /** Makes the real sink of a component and its options. */
  readonly createSink: (name: string, config: unknown) => DataSink;
  /** As for `runPools`. */
  readonly drain?: Observable<Millis> | undefined;
  /** As for `runPools`. Every share executes a command at the same time, 20 ms after it was received. */
  readonly control?: ((pool: string) => Observable<Command>) | undefined;
  /** Seed of the run's random numbers. Default: from the time. */
  readonly seed?: number | undefined;
  /** As for `runPools`. */
  readonly progressEveryMs?: Millis | undefined;
  /** The longest time for the shares to read the config and to warm up, in milliseconds. Default 300,000. */
  readonly readyWithinMs?: Millis | undefined;
  /** The conditions that may stop its pools. They judge the windows of all shares, merged. Default: none. */
  readonly conditions?: readonly PoolCondition[] | undefined;
  /** A running share that sends nothing for this long, in milliseconds, is given up. Default 60,000; at least 2000. */
  readonly lostAfterMs?: Millis | undefined;
  /** What happens when a running share is lost. Default `fail`. */
  readonly onLostShare?: 'fail' | 'continue' | 'resplit' | undefined;
  /** For `resplit`: starts one more share, and returns its link; `undefined` when none can be started. */
  readonly addShare?: (() => ShareLink | undefined) | undefined;
  /** The pools as they are announced, for the operations that a lost share leaves. Default: they are not known. */
  readonly announced?: readonly AnnouncedPool[] | undefined;
  /** The time after which a lost share shoots nothing any more, in milliseconds. Default 0. */
  readonly silentAfterLossMs?: Millis | undefined;
  /** Events, windows and lines of the log that a share may send before they are received. At least 1. Default 256. */
  readonly credit?: number | undefined;
}
