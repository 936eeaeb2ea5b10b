import pico from 'picocolors';
import type { Distribution } from '../measure/histogram.js';
import type { SummarySnapshot, TagSummary } from '../measure/summary.js';
import { connectionsText } from './connections.js';
import {
  fitText,
  formatBytes,
  formatCount,
  formatLength,
  formatMs,
  formatPercent,
  formatRate,
  formatTable,
  NO_TAG,
  shownTag,
  wrapText,
} from './format.js';
import { metricLines } from './metrics.js';
import { outcomeText, type RunOutcome } from './outcomeText.js';

/** A line about one kind of outcome. */
export interface OutcomeLine {
  readonly text: string;
  /** True when no operation with this outcome was `ok`. */
  readonly bad: boolean;
}

/** The counts of each status and each failure: statuses first, the most frequent first. */
function outcomeLines({ total }: SummarySnapshot): OutcomeLine[] {
  const share = (count: number): string[] => [formatCount(count), formatPercent(count, total.ended)];
  const statuses = total.statuses.map(({ status, count, bad }) => ({
    bad: bad === count,
    cells: [status === 0 ? 'no status' : `status ${status}`, ...share(count)],
  }));
  const failures = total.failures.map(({ netCode, name, count }) => ({
    bad: true,
    cells: [netCode === 0 ? name : `net ${netCode} ${name}`.trimEnd(), ...share(count)],
  }));
  const others = [
    { bad: false, cells: ['other statuses', ...share(total.otherStatuses)], count: total.otherStatuses },
    { bad: true, cells: ['other failures', ...share(total.otherFailures)], count: total.otherFailures },
  ].filter(({ count }) => count > 0);
  const all = [...statuses, ...failures, ...others];
  const lines = formatTable(
    all.map(({ cells }) => cells),
    ['left'],
  );
  return all.map(({ bad }, i) => ({ text: lines[i] as string, bad }));
}

/** Counts, rates, bytes and duration of a pool, each with its label. */
function overviewLines({ total, scenarios, planned, stopped, beyondTagLimit, window }: SummarySnapshot): string[] {
  const { ended, failed, firstStartedAt, lastEndedAt } = total;
  const lasted = firstStartedAt === null || lastEndedAt === null ? '-' : formatLength(lastEndedAt - firstStartedAt);
  const count = planned === null || planned.count === null ? '' : ` of ${formatCount(planned.count)} planned`;
  const bad = total.bad + failed;
  const badShare = `${formatCount(bad)} bad (${formatPercent(bad, ended)})`;
  const rows = [['shots', `${formatCount(ended)}${scenarios === undefined ? count : ''}, ${badShare}, in ${lasted}`]];
  if (scenarios !== undefined) {
    const { ended: played } = scenarios;
    const broken = scenarios.failed + scenarios.bad;
    const share = `${formatCount(broken)} failed (${formatPercent(broken, played)})`;
    rows.unshift(['scenarios', `${formatCount(played)}${count}, ${share}`]);
  }
  if (stopped !== undefined) rows.unshift(['stopped', stopped]);
  if (total.discarded > 0) {
    const late =
      total.discardedLate === 0 ? '' : `, ${formatCount(total.discardedLate)} because the generator was late`;
    rows.push(['discarded', `${formatCount(total.discarded)} were overdue and not shot${late}`]);
  }
  if (window.withoutAmmo > 0) rows.push(['no ammo', `there was none for ${formatCount(window.withoutAmmo)}`]);
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
  const connections = connectionsText(window.connections);
  if (connections !== undefined) rows.push(['connections', connections]);
  for (const [name, added] of [...window.counters].sort(([a], [b]) => (a < b ? -1 : 1)))
    rows.push([name, formatCount(added)]);
  if (beyondTagLimit > 0) rows.push(['tags', `${formatCount(beyondTagLimit)} samples had tags beyond the limit`]);
  const beyondHour = total.responseTimeMs.clamped;
  if (beyondHour > 0) rows.push(['times', `${formatCount(beyondHour)} were over an hour and count as one hour`]);
  return formatTable(rows, ['left', 'left']);
}

/** Bad items of ammo: a line per kind with the number of items, and its first places below. */
function badAmmoLines({ badAmmo = [] }: SummarySnapshot, width: number): string[] {
  return badAmmo.flatMap(({ kind, count, first }) => [
    ...wrapText(`bad ammo, ${kind}: ${formatCount(count)} ${count === 1 ? 'item' : 'items'}`, width),
    ...first.flatMap((place) => wrapText(place, width - 2).map((line) => `  ${line}`)),
    ...(count > first.length ? [`  and ${formatCount(count - first.length)} more`] : []),
  ]);
}

/** A line for each lost share. */
function lostShareLines({ lostShares = [] }: SummarySnapshot, width: number): string[] {
  return lostShares.flatMap(({ share, player, reason, missing, taken }) => {
    const name = `share ${share}${player === undefined ? '' : ` (${player})`}`;
    const gap = missing === null ? 'an unknown number' : formatCount(missing);
    const rest = taken ? '; others have shot the later ones' : '';
    return wrapText(`${name} was lost: ${gap} of its operations are missing${rest}. ${reason}`, width);
  });
}

function plannedRate(planned: SummarySnapshot['planned']): string {
  if (planned === null) return '-';
  if (planned.count === null) return 'unlimited';
  return planned.durationMs > 0 ? formatRate((planned.count * 1000) / planned.durationMs) : 'at once';
}

const MIN_TAG_WIDTH = 8;
/** The times to show, from the widest table to the narrowest. */
const FIGURES = [['p50', 'p99', 'max'], ['p50', 'p99'], ['p99']] as const;

type Figures = (typeof FIGURES)[number];

const times = (distribution: Distribution, figures: Figures): string[] =>
  figures.map((figure) => (distribution.count === 0 ? '-' : formatMs(distribution[figure])));

/** Heading and rows without the tags. */
function numbers(tags: readonly TagSummary[], figures: Figures): string[] {
  const rows = tags.map((tag) => [
    formatCount(tag.ended),
    formatCount(tag.bad + tag.failed),
    ...times(tag.responseTimeMs, figures),
    ...times(tag.serviceTimeMs, figures),
  ]);
  return formatTable([['shots', 'bad', ...figures, ...figures], ...rows]);
}

/** The line above the heading, with the end of each group of times. */
function groups(heading: string, figures: Figures): string {
  const last = figures.at(-1) as string;
  const end = heading.indexOf(last) + last.length;
  const width = heading.length - end;
  const [left, right] = width > 'service, ms'.length ? ['response, ms', 'service, ms'] : ['resp.', 'serv.'];
  return left.padStart(end) + right.padStart(width);
}

/**
 * One row per tag: shots, bad ones (verdict `bad` or `failed`), response and service times in ms. The first
 * two lines are headings. To fit `width`, long tags are cut and, if necessary, columns of times are omitted.
 * `maxRows` bounds the rows; the last line then has the number of missing tags.
 */
function tagsTable(tags: readonly TagSummary[], width: number, maxRows: number): string[] {
  const shown = tags.slice(0, maxRows);
  const room = width - MIN_TAG_WIDTH - 2;
  const fits = (figures: Figures): boolean => numbers(shown, figures).every((line) => line.length <= room);
  const figures = FIGURES.find(fits) ?? ['p99'];
  const right = numbers(shown, figures);
  const tagWidth = Math.max(MIN_TAG_WIDTH, width - Math.max(...right.map((line) => line.length)) - 2);
  const names = ['tag', ...shown.map((tag) => fitText(shownTag(tag.tag), tagWidth))];
  const lines = formatTable(
    names.map((name, i) => [name, right[i] as string]),
    ['left'],
  );
  const missing = tags.length - shown.length;
  const more = missing > 0 ? [`and ${formatCount(missing)} more`] : [];
  return [groups(lines[0] as string, figures), ...lines, ...more];
}

/**
 * The shots and the lateness of each thread, which show a thread that is busier than the others. No lines for a run
 * in one thread.
 */
function threadLines({ threads = [] }: SummarySnapshot): readonly string[] {
  return threads.map(
    ({ ended, latenessP50Ms, latenessP99Ms }, thread) =>
      `thread ${thread}  ${formatCount(ended)} shots, lateness p50 ${formatMs(latenessP50Ms)} p99 ${formatMs(latenessP99Ms)} ms`,
  );
}

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

/** Response time and service time side by side, and the parts of their difference. The first line is a heading. */
function timesTable({ total, slotWaitMs, latenessMs }: SummarySnapshot): string[] {
  const columns = [total.responseTimeMs, total.serviceTimeMs, slotWaitMs, latenessMs];
  const rows = ROWS.map(([label, key]) => [
    label,
    ...columns.map((column) => (column.count === 0 ? '-' : formatMs(column[key]))),
  ]);
  return formatTable([['ms', 'response', 'service', 'slot wait', 'lateness'], ...rows], ['left']);
}

/** How exact the generator was. */
function generatorText({ latenessMs, loop }: SummarySnapshot): string {
  if (latenessMs.count === 0) return '';
  const busy = loop.utilization === null ? '' : `, ${Math.round(100 * loop.utilization)} % busy`;
  const delay = loop.delayMs.count === 0 ? '' : `, event loop p99 ${formatMs(loop.delayMs.p99)} ms${busy}`;
  return `generator: lateness p99 ${formatMs(latenessMs.p99)} ms${delay}`;
}

/** Options of {@link summaryText}. */
export interface SummaryTextOptions {
  /** Default false. */
  readonly colour?: boolean;
  /** Columns of the terminal; at least 60. Default 80. */
  readonly width?: number;
  /** The largest number of tags shown per pool. Default 40. */
  readonly maxTags?: number;
  /** What the run proves and why it ended, for the first lines. Default: the verdict by the summaries alone. */
  readonly outcome?: RunOutcome | undefined;
  /** The seed of the run, for the last line. Default: no such line. */
  readonly seed?: number | undefined;
}

/**
 * The summary of a run as text: first what it proves and why it ended, then the thresholds, and per pool the counts, the planned and the achieved rate, response time and service time
 * side by side, statuses, failures, the lateness of the generator, and a table of tags. Ends with a line break.
 *
 * @example
 * declare const snapshot: SummarySnapshot;
 * process.stdout.write(summaryText([snapshot], { colour: process.stdout.isTTY, width: process.stdout.columns }));
 */
export function summaryText(pools: readonly SummarySnapshot[], options: SummaryTextOptions = {}): string {
  const { colour = false, maxTags = 40 } = options;
  const paint = pico.createColors(colour);
  const width = Math.max(60, options.width ?? 80);
  const inner = width - 2;
  const sections = pools.map((pool) => {
    const [overview, times, outcomes] = [overviewLines(pool), timesTable(pool), outcomeLines(pool)];
    const tags =
      pool.tags.length > 1 || pool.tags.some(({ tag }) => shownTag(tag) !== NO_TAG)
        ? tagsTable(pool.tags, inner, maxTags)
        : [];
    const blocks = [
      lostShareLines(pool, inner).map((line) => paint.red(line)),
      overview.map((line) => fitText(line, inner)),
      badAmmoLines(pool, inner).map((line) => paint.yellow(line)),
      times.map((line, i) => (i === 0 ? paint.dim(line) : line)),
      outcomes.map(({ text, bad }) => (bad ? paint.red(fitText(text, inner)) : fitText(text, inner))),
      metricLines(pool.window.metrics, inner),
      tags.map((line, i) => (i < 2 ? paint.dim(line) : line)),
      threadLines(pool).map((line) => fitText(line, inner)),
      wrapText(generatorText(pool), inner),
    ].filter((block) => block.length > 0);
    const body = blocks.map((block) => block.map((line) => `  ${line}`).join('\n')).join('\n\n');
    return `${paint.bold(pool.pool === '' ? 'Summary' : `Pool ${pool.pool}`)}\n${body}\n`;
  });
  const seed =
    options.seed === undefined ? [] : [`Seed ${options.seed}: with it another run has the same random values\n`];
  return [outcomeText(pools, { ...options.outcome, colour, width }), ...sections, ...seed].join('\n');
}
