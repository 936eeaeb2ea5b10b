import type { SummarySnapshot } from '../aggregators/summary/summarySnapshot.js';
import { formatCount } from './formatCount.js';
import { formatMs } from './formatMs.js';

/** What each thread did and how late it was: one that is busier than the others shows here. None for a run in one thread. */
export function threadLines({ threads = [] }: SummarySnapshot): readonly string[] {
  return threads.map(
    ({ shots, latenessP50Ms, latenessP99Ms }, thread) =>
      `thread ${thread}  ${formatCount(shots)} shots, lateness p50 ${formatMs(latenessP50Ms)} p99 ${formatMs(latenessP99Ms)} ms`,
  );
}
