import { SummaryRecorder } from './summaryRecorder.js';
import type { PlannedLoad, SummarySnapshot } from './summarySnapshot.js';

function mergePlans(plans: readonly (PlannedLoad | null)[]): PlannedLoad | null {
  const known = plans.filter((plan) => plan !== null);
  if (known.length === 0) return null;
  const unlimited = known.length < plans.length || known.some(({ count }) => count === null);
  return {
    count: unlimited ? null : known.reduce((sum, { count }) => sum + (count ?? 0), 0),
    durationMs: Math.max(...known.map(({ durationMs }) => durationMs)),
  };
}

/**
 * The summary of several summaries: of the threads of one pool, or of several pools. Counts add up, histograms add up
 * bucket by bucket, rates and percentiles are computed anew. Planned counts add up; the longest duration counts.
 *
 * @param pool Name of the result. Default: the names that occur, each once.
 * @param tagLimit Most tags told apart in the result. Default 1000.
 */
export function mergeSummaries(snapshots: readonly SummarySnapshot[], pool?: string, tagLimit = 1000): SummarySnapshot {
  const recorder = new SummaryRecorder(tagLimit);
  for (const snapshot of snapshots) recorder.absorb(snapshot);
  const names = [...new Set(snapshots.map((snapshot) => snapshot.pool))].join(', ');
  return recorder.snapshot(pool ?? names, mergePlans(snapshots.map(({ planned }) => planned)));
}
