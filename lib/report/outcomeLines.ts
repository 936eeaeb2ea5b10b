import type { SummarySnapshot } from '../aggregators/summary/summarySnapshot.js';
import { formatCount } from './formatCount.js';
import { formatPercent } from './formatPercent.js';
import { formatTable } from './formatTable.js';

/** A line about one kind of outcome. */
export interface OutcomeLine {
  readonly text: string;
  readonly bad: boolean;
}

/** How often each status came and each failure happened, statuses first, the most frequent first. */
export function outcomeLines({ total }: SummarySnapshot): OutcomeLine[] {
  const share = (count: number): string[] => [formatCount(count), formatPercent(count, total.shots)];
  const statuses = total.statuses.map(({ status, count }) => ({
    bad: status >= 400,
    cells: [`status ${status}`, ...share(count)],
  }));
  const failures = total.failures.map(({ netCode, name, count }) => ({
    bad: true,
    cells: [`net ${netCode} ${name}`.trimEnd(), ...share(count)],
  }));
  const all = [...statuses, ...failures];
  const lines = formatTable(
    all.map(({ cells }) => cells),
    ['left'],
  );
  return all.map(({ bad }, i) => ({ text: lines[i] as string, bad }));
}
