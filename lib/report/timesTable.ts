import type { Distribution } from '../aggregators/summary/distribution.js';
import type { SummarySnapshot } from '../aggregators/summary/summarySnapshot.js';
import { formatMs } from './formatMs.js';
import { formatTable } from './formatTable.js';

const ROWS: readonly (readonly [label: string, key: Exclude<keyof Distribution, 'bucketsUs'>])[] = [
  ['p50', 'p50'],
  ['p75', 'p75'],
  ['p90', 'p90'],
  ['p95', 'p95'],
  ['p99', 'p99'],
  ['p99.9', 'p999'],
  ['max', 'max'],
  ['mean', 'mean'],
  ['stddev', 'stddev'],
  ['min', 'min'],
];

/** Response time and service time side by side, and what makes the difference between them. The first line is a heading. */
export function timesTable({ total, slotWaitMs, latenessMs }: SummarySnapshot): string[] {
  const columns = [total.responseTimeMs, total.serviceTimeMs, slotWaitMs, latenessMs];
  const rows = ROWS.map(([label, key]) => [
    label,
    ...columns.map((column) => (column.count === 0 ? '-' : formatMs(column[key]))),
  ]);
  return formatTable([['ms', 'response', 'service', 'slot wait', 'lateness'], ...rows], ['left']);
}
