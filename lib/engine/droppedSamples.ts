import type { Report } from '../core/aggregator.js';
import { withContext } from '../core/errorContext.js';
import { ElpisError } from '../core/errors.js';
import type { PoolEvent } from './runEvent.js';

/** The error of a result that has dropped samples. */
export function droppedSamples({ from, dropped }: Pick<Report, 'from' | 'dropped'>): ElpisError {
  return new ElpisError('ELPIS_SAMPLES_DROPPED', `${from}: ${dropped} samples were dropped`, {
    hint: 'write to a faster disk, choose a smaller format, or raise sample-queue-size',
  });
}

/** The final report of a result of a pool. */
export type FinalReport = PoolEvent & { readonly type: 'report' };

/** The final reports among events. */
export function finalsOf(events: readonly PoolEvent[]): readonly FinalReport[] {
  return events.filter((event): event is FinalReport => event.type === 'report' && event.report.final);
}

/**
 * The errors of several shares of a run, in which those of dropped samples are replaced by one per result with the total of all shares.
 *
 * @param finals The final reports of all shares, merged.
 */
export function withTotals(failures: readonly ElpisError[], finals: readonly FinalReport[]): readonly ElpisError[] {
  const totals = finals
    .filter(({ report }) => report.dropped > 0)
    .map(({ pool, report }) => withContext(droppedSamples(report), { pool }));
  const counted = new Set(totals.map(({ pool }) => pool));
  const all = failures.flatMap((failure) => [failure, ...(failure.also ?? [])]);
  const others = all.filter(({ code, pool }) => code !== 'ELPIS_SAMPLES_DROPPED' || !counted.has(pool));
  return totals.length === 0 ? failures : [...others, ...totals];
}
