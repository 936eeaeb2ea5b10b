import type { EpochMs } from '../core/units.js';

/** What a target has seen since its start or its last `/reset-stats`. Requests for the statistics are not counted. */
export interface TargetStats {
  /** Requests that arrived. */
  readonly total: number;
  /** Requests by path, the query left out. Paths beyond the first 1,000 count as `(other)`. */
  readonly paths: Readonly<Record<string, number>>;
  /** Answers by status, counted when an answer begins. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly methods: Readonly<Record<string, number>>;
  /** Requests whose exchange ended before a whole answer was written, on either side's wish. */
  readonly aborted: number;
  /** Requests that arrived and are neither answered nor aborted. */
  readonly inFlight: number;
  readonly connections: {
    /** Opened since the start or the last reset. */
    readonly opened: number;
    /** Open at this moment. */
    readonly open: number;
  };
  /** When the first and the last request arrived; `null` before the first. */
  readonly firstArrival: EpochMs | null;
  readonly lastArrival: EpochMs | null;
  /** Arrivals by whole second of the epoch; the latest 3,600 seconds that had any. */
  readonly perSecond: Readonly<Record<string, number>>;
  /** The latest arrival times in order, when they were asked for. */
  readonly arrivals?: readonly EpochMs[];
}
