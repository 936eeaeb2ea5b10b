import type { SummarySnapshot } from '../aggregators/summary/summarySnapshot.js';
import type { EpochMs } from '../core/units.js';
import type { Pool } from '../engine/pool.js';
import type { PoolEvent } from '../engine/poolEvent.js';

/** What is known of a pool before it starts. */
export type AnnouncedPool = Pick<Pool, 'id' | 'plan' | 'instances' | 'rpsPerInstance'>;

/**
 * What happens in a run, in order.
 *
 * - `warning`: from the config (these come first) or from a component, at any time.
 * - `run-started`: all is checked and made; the pools start now. What fails before it has shot nothing.
 * - {@link PoolEvent}s, with the pool's id. `progress` counts instances: started, and running. `report` carries the
 *   windows (`isSummaryProgress(event.report.detail)`) and final numbers (`isSummarySnapshot`) of the summary that every
 *   pool has, beside what its configured results say of themselves.
 * - `run-finished`: the last one, with the summary of every pool. It also comes when the run fails, with what was recorded
 *   until then, before the error.
 */
export type RunEvent =
  | PoolEvent
  | {
      readonly type: 'run-started';
      readonly at: EpochMs;
      readonly pools: readonly AnnouncedPool[];
      /** How many threads share the run. */
      readonly threads: number;
    }
  | {
      readonly type: 'warning';
      readonly at: EpochMs;
      readonly message: string;
      readonly fields: Readonly<Record<string, unknown>>;
    }
  | { readonly type: 'run-finished'; readonly at: EpochMs; readonly summaries: readonly SummarySnapshot[] };
