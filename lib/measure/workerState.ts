import type { Millis, PerSecond } from '../core/units.js';

/**
 * What a worker of a run does. `preparing`: it reads the config, warms up, or waits for the start. `silent`: it runs, and has sent
 * nothing for some time. `lost`: its shares have ended without their last message.
 */
export type WorkerPhase = 'preparing' | 'running' | 'silent' | 'ended' | 'lost';

/** A worker of a run: a thread, a process or a machine that plays shares. Its rate and lateness are in the windows of its shares. */
export interface WorkerState {
  readonly worker: string;
  /** The name of its machine; absent for threads and processes of this one. */
  readonly host?: string;
  readonly phase: WorkerPhase;
  /** The numbers of its shares, as in `threads` of windows. */
  readonly shares: readonly number[];
  /** The processors that its process used: 1 is one all the time. Of a thread, how busy its event loop was. `null` when it is not known. */
  readonly cpu: number | null;
  /** The clock of the run minus that of its machine; absent for threads and processes of this one. */
  readonly clockOffsetMs?: Millis;
  /** The offset is at most this wrong. */
  readonly clockUncertaintyMs?: Millis;
}

/** A worker with the results of its shares. */
export interface WorkerRow extends WorkerState {
  /** Operations that its shares ended. */
  readonly ended: number;
  /** Operations that ended per second, in the last window; after the run in all of it. `null` before the first window. */
  readonly perSecond: PerSecond | null;
  /** Lateness of the generator in all windows, 99th percentile; `null` without operations. */
  readonly lateP99Ms: Millis | null;
}
