import type { SummarySnapshot } from '../aggregators/summary/summarySnapshot.js';
import { formatBytes } from './formatBytes.js';
import { formatCount } from './formatCount.js';
import { formatLength } from './formatLength.js';
import { formatMs } from './formatMs.js';
import { formatPercent } from './formatPercent.js';
import { formatRate } from './formatRate.js';
import { formatTable } from './formatTable.js';

/** Counts, rates, bytes and duration of a pool, each with its label. */
export function overviewLines({ total, scenarios, planned, beyondTagLimit }: SummarySnapshot): string[] {
  const { shots, failed, badStatus, firstStartedAt, lastEndedAt } = total;
  const lasted = firstStartedAt === null || lastEndedAt === null ? '-' : formatLength(lastEndedAt - firstStartedAt);
  const count = planned === null || planned.count === null ? '' : ` of ${formatCount(planned.count)} planned`;
  const bad = failed + badStatus;
  const badShare = `${formatCount(bad)} bad (${formatPercent(bad, shots)})`;
  const rows = [['shots', `${formatCount(shots)}${scenarios === undefined ? count : ''}, ${badShare}, in ${lasted}`]];
  if (scenarios !== undefined) {
    const { shots: ended, failed: broken } = scenarios;
    const share = `${formatCount(broken)} failed (${formatPercent(broken, ended)})`;
    rows.unshift(['scenarios', `${formatCount(ended)}${count}, ${share}`]);
  }
  if (total.discarded > 0) rows.push(['discarded', `${formatCount(total.discarded)} were overdue and not shot`]);
  if (total.unfinished > 0) {
    const oldest = formatMs(total.oldestUnfinishedMs);
    rows.push(['unfinished', `${formatCount(total.unfinished)} at the end of the run, the oldest ${oldest} ms old`]);
  }
  // A plan counts starts of scenarios, where there are any.
  const started = scenarios ?? total;
  rows.push([
    'rate',
    `planned ${plannedRate(planned)}, started ${formatRate(started.startedPerSecond)}, ended ${formatRate(started.endedPerSecond)}`,
  ]);
  rows.push(['bytes', `${formatBytes(total.bytesOut)} sent, ${formatBytes(total.bytesIn)} received`]);
  if (beyondTagLimit > 0) rows.push(['tags', `${formatCount(beyondTagLimit)} samples had tags beyond the limit`]);
  const beyondHour = total.responseTimeMs.clamped;
  if (beyondHour > 0) rows.push(['times', `${formatCount(beyondHour)} were over an hour and count as one hour`]);
  return formatTable(rows, ['left', 'left']);
}

function plannedRate(planned: SummarySnapshot['planned']): string {
  if (planned === null) return '-';
  if (planned.count === null) return 'unlimited';
  return planned.durationMs > 0 ? formatRate((planned.count * 1000) / planned.durationMs) : 'at once';
}
