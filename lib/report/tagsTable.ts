import type { Distribution } from '../aggregators/summary/distribution.js';
import type { TagSummary } from '../aggregators/summary/summarySnapshot.js';
import { fitText } from './fitText.js';
import { formatCount } from './formatCount.js';
import { formatMs } from './formatMs.js';
import { formatTable } from './formatTable.js';

const MIN_TAG_WIDTH = 8;

const times = (distribution: Distribution): string[] => {
  const { count, p50, p99, max } = distribution;
  return count === 0 ? ['-', '-', '-'] : [p50, p99, max].map(formatMs);
};

/**
 * One row per tag: shots, failures (no answer, or a status of 400 or more), response and service times. The first two
 * lines are headings. Long tags are cut so that the table fits `width`; `maxRows` bounds it, and the last line then says
 * how many tags are missing.
 */
export function tagsTable(tags: readonly TagSummary[], width: number, maxRows: number): string[] {
  const shown = tags.slice(0, maxRows);
  const numbers = shown.map((tag) => [
    formatCount(tag.shots),
    formatCount(tag.failed + tag.badStatus),
    ...times(tag.responseTimeMs),
    ...times(tag.serviceTimeMs),
  ]);
  const right = formatTable([['shots', 'bad', 'p50', 'p99', 'max', 'p50', 'p99', 'max'], ...numbers]);
  const tagWidth = Math.max(MIN_TAG_WIDTH, width - Math.max(...right.map((line) => line.length)) - 2);
  const names = ['tag', ...shown.map((tag) => fitText(tag.tag === '' ? '(no tag)' : tag.tag, tagWidth))];
  const lines = formatTable(
    names.map((name, i) => [name, right[i] as string]),
    ['left'],
  );
  const heading = lines[0] as string;
  const service = heading.lastIndexOf('p50');
  const response = heading.indexOf('p50');
  const above = `${' '.repeat(response)}${'response, ms'.padEnd(service - response)}service, ms`;
  const missing = tags.length - shown.length;
  return [above, ...lines, ...(missing > 0 ? [`and ${formatCount(missing)} more tags`] : [])];
}
