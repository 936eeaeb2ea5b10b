import type { Millis } from '../core/units.js';
import { EMPTY_HISTOGRAM, mergeHistograms } from '../measure/histogram.js';
import type { WorkerPhase, WorkerRow, WorkerState } from '../measure/workerState.js';
import { spreadOf } from './point.js';
import type { ThreadView } from './poolView.js';

/**
 * A worker with the results of its shares in all pools.
 *
 * @param lengthMs The length of a run that has ended; `null` while it runs.
 */
export function workerRow(worker: WorkerState, shares: readonly ThreadView[], lengthMs: Millis | null): WorkerRow {
  const own = shares.filter(({ thread }) => worker.shares.includes(thread));
  const ended = own.reduce((sum, share) => sum + share.ended, 0);
  const now = own.reduce((sum, { perSecond }) => sum + perSecond, 0);
  const mean = lengthMs === null || lengthMs === 0 ? now : (ended * 1000) / lengthMs;
  const lateness = own.map((share) => share.lateness).reduce(mergeHistograms, EMPTY_HISTOGRAM);
  return {
    ...worker,
    ended,
    perSecond: own.length === 0 ? null : mean,
    lateP99Ms: spreadOf(lateness)?.p99 ?? null,
  };
}

/** How many workers are in each phase, such as `3 running, 1 lost`. */
export function workersText(workers: readonly Pick<WorkerState, 'phase'>[]): string {
  const counts = new Map<WorkerPhase, number>();
  for (const { phase } of workers) counts.set(phase, (counts.get(phase) ?? 0) + 1);
  return [...counts].map(([phase, count]) => `${count} ${phase}`).join(', ');
}
