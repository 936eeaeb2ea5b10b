import type { Distribution } from '../aggregators/summary/distribution.js';
import type { TagSummary } from '../aggregators/summary/summarySnapshot.js';
import { fitText } from './fitText.js';
import { formatCount } from './formatCount.js';
import { formatMs } from './formatMs.js';
import { formatTable } from './formatTable.js';

const MIN_TAG_WIDTH = 8;
/** Which times to show, from the widest table to the narrowest. */
const FIGURES = [['p50', 'p99', 'max'], ['p50', 'p99'], ['p99']] as const;

type Figures = (typeof FIGURES)[number];

const times = (distribution: Distribution, figures: Figures): string[] =>
  figures.map((figure) => (distribution.count === 0 ? '-' : formatMs(distribution[figure])));

/** Heading and rows without the tags. */
function numbers(tags: readonly TagSummary[], figures: Figures): string[] {
  const rows = tags.map((tag) => [
    formatCount(tag.shots),
    formatCount(tag.failed + tag.badStatus),
    ...times(tag.responseTimeMs, figures),
    ...times(tag.serviceTimeMs, figures),
  ]);
  return formatTable([['shots', 'bad', ...figures, ...figures], ...rows]);
}

/** The line above the heading, which says where each group of times ends. */
function groups(heading: string, figures: Figures): string {
  const last = figures.at(-1) as string;
  const end = heading.indexOf(last) + last.length;
  const width = heading.length - end;
  const [left, right] = width > 'service, ms'.length ? ['response, ms', 'service, ms'] : ['resp.', 'serv.'];
  return left.padStart(end) + right.padStart(width);
}

/**
 * One row per tag: shots, bad ones (no answer, or a status of 400 or more), response and service times in ms. The first
 * two lines are headings. To fit `width`, long tags are cut and, if need be, some of the times are left out; `maxRows`
 * bounds the rows, and the last line then says how many tags are missing.
 */
export function tagsTable(tags: readonly TagSummary[], width: number, maxRows: number): string[] {
  const shown = tags.slice(0, maxRows);
  const room = width - MIN_TAG_WIDTH - 2;
  const fits = (figures: Figures): boolean => numbers(shown, figures).every((line) => line.length <= room);
  const figures = FIGURES.find(fits) ?? ['p99'];
  const right = numbers(shown, figures);
  const tagWidth = Math.max(MIN_TAG_WIDTH, width - Math.max(...right.map((line) => line.length)) - 2);
  const names = ['tag', ...shown.map((tag) => fitText(tag.tag === '' ? '(no tag)' : tag.tag, tagWidth))];
  const lines = formatTable(
    names.map((name, i) => [name, right[i] as string]),
    ['left'],
  );
  const missing = tags.length - shown.length;
  const more = missing > 0 ? [`and ${formatCount(missing)} more`] : [];
  return [groups(lines[0] as string, figures), ...lines, ...more];
}
