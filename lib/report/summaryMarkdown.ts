import type { ThresholdState } from '../measure/runVerdict.js';
import { valueText } from '../measure/stateText.js';
import type { SummarySnapshot, TagSummary } from '../measure/summary.js';
import { verdictOf } from '../measure/verdict/verdictOf.js';
import { formatCount, formatMs, formatPercent, formatRate, shownTag } from './format.js';
import { metricLines } from './metrics.js';
import { headline, type RunOutcome, reasonText, resultOf } from './outcomeText.js';

/** Text that Markdown and HTML show as it is, in one cell of a table. */
const cell = (text: string): string =>
  text
    .replaceAll(/\p{Cc}/gu, ' ')
    .replaceAll(/[\\`*_[\]|~#]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');

function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(heading), line(heading.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

const SIGNS = { passed: '✅', failed: '❌', warning: '⚠️', 'not judged': '➖' } as const;
const LEVEL_SIGNS = { VALID: '✅', DEGRADED: '⚠️', INVALID: '❌' } as const;

function thresholdRow(state: ThresholdState): readonly string[] {
  const result = resultOf(state);
  const where = state.pool === undefined ? '' : `pool "${state.pool}": `;
  const margin = state.margin === null ? '' : `${(100 * state.margin).toFixed(1)} %`;
  return [
    cell(`${where}${state.condition}`),
    cell(valueText(state.value, state.unit)),
    margin,
    `${SIGNS[result]} ${result}`,
  ];
}

function tagRow(tag: TagSummary): readonly string[] {
  const { ended, bad, failed, responseTimeMs: response } = tag;
  const time = (value: number): string => (response.count === 0 ? '-' : formatMs(value));
  return [
    cell(shownTag(tag.tag)),
    formatCount(ended),
    formatPercent(bad + failed, ended),
    formatRate(tag.endedPerSecond),
    ...[response.p50, response.p95, response.p99, response.max].map(time),
  ];
}

/** The largest number of tags of a pool: a step summary of GitHub has at most 1 MiB. */
const MAX_TAGS = 50;

/** Columns of the checks and metrics. */
const METRICS_WIDTH = 100;

/** Checks and metrics, as the summary has them. A line begins with a kind, so none can end the block. */
function metricsText({ window }: SummarySnapshot): string[] {
  const lines = metricLines(window.metrics, METRICS_WIDTH);
  return lines.length === 0 ? [] : [['```text', ...lines, '```'].join('\n')];
}

function poolText(pool: SummarySnapshot): string {
  const tags = pool.tags.slice(0, MAX_TAGS);
  const rows = [{ ...pool.total, tag: 'all' }, ...(pool.tags.length > 1 ? tags : [])].map(tagRow);
  const heading = ['tag', 'ended', 'bad', 'rate', 'p50, ms', 'p95, ms', 'p99, ms', 'max, ms'];
  const more = pool.tags.length - tags.length;
  const rest = more > 0 ? [`and ${formatCount(more)} more tags`] : [];
  const title = `### ${cell(pool.pool === '' ? 'Summary' : `Pool ${pool.pool}`)}`;
  return [title, table(heading, rows), ...rest, ...metricsText(pool)].join('\n\n');
}

/**
 * A run in Markdown, for the step summary of GitHub and the like: the headline, the other reasons of the verdict, the thresholds with
 * their margin, response times by tag, checks and metrics. Ends with a line break.
 */
export function summaryMarkdown(pools: readonly SummarySnapshot[], outcome: RunOutcome = {}): string {
  const { verdict = verdictOf(pools), thresholds = [] } = outcome;
  const reasons = verdict.reasons
    .slice(1)
    .map((reason) => `- ${LEVEL_SIGNS[reason.level]} ${cell(reasonText(reason))}`);
  const sections = [
    '## Load test',
    `${LEVEL_SIGNS[verdict.level]} **${cell(headline(pools, { ...outcome, verdict }))}**`,
    ...(reasons.length === 0 ? [] : [reasons.join('\n')]),
    ...(thresholds.length === 0
      ? []
      : [table(['threshold', 'value', 'margin', 'result'], thresholds.map(thresholdRow))]),
    ...pools.map(poolText),
  ];
  return `${sections.join('\n\n')}\n`;
}
