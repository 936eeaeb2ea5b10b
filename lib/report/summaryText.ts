import pico from 'picocolors';
import type { SummarySnapshot } from '../aggregators/summary/summarySnapshot.js';
import { fitText } from './fitText.js';
import { outcomeLines } from './outcomeLines.js';
import { overviewLines } from './overviewLines.js';
import { tagsTable } from './tagsTable.js';
import { threadLines } from './threadLines.js';
import { timesTable } from './timesTable.js';

/** How {@link summaryText} looks. */
export interface SummaryTextOptions {
  /** Default false. */
  readonly colour?: boolean;
  /** Columns of the terminal; at least 60. Default 80. */
  readonly width?: number;
  /** Most tags shown per pool. Default 40. */
  readonly maxTags?: number;
}

/**
 * The summary of a run for people: per pool the counts, the planned and the achieved rate, response time and service time
 * side by side, statuses, failures, the generator's own lateness, and a table of tags. Ends with a line break.
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
      pool.tags.length > 1 || pool.tags.some(({ tag }) => tag !== '') ? tagsTable(pool.tags, inner, maxTags) : [];
    const verdict = fitText(pool.verdict.text, inner);
    const blocks = [
      overview.map((line) => fitText(line, inner)),
      times.map((line, i) => (i === 0 ? paint.dim(line) : line)),
      outcomes.map(({ text, bad }) => (bad ? paint.red(fitText(text, inner)) : fitText(text, inner))),
      tags.map((line, i) => (i < 2 ? paint.dim(line) : line)),
      threadLines(pool).map((line) => fitText(line, inner)),
      [pool.verdict.late ? paint.yellow(`! ${fitText(pool.verdict.text, inner - 2)}`) : verdict],
    ].filter((block) => block.length > 0);
    const body = blocks.map((block) => block.map((line) => `  ${line}`).join('\n')).join('\n\n');
    return `${paint.bold(pool.pool === '' ? 'Summary' : `Pool ${pool.pool}`)}\n${body}\n`;
  });
  return sections.join('\n');
}
