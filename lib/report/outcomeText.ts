import pico from 'picocolors';
import type { RunEnding, RunVerdict, ThresholdState, VerdictReason } from '../measure/runVerdict.js';
import { valueText } from '../measure/stateText.js';
import type { SummarySnapshot } from '../measure/summary.js';
import { verdictOf } from '../measure/verdict/verdictOf.js';
import { fitText, formatCount, formatPercent, formatTable, wrapText } from './format.js';

/** What a run proves, and why it ended: fields of `run-finished`. */
export interface RunOutcome {
  readonly verdict?: RunVerdict;
  readonly ending?: RunEnding;
  readonly thresholds?: readonly ThresholdState[];
}

/** A reason with its pool. */
export function reasonText({ pool, text }: VerdictReason): string {
  return pool === undefined ? text : `pool "${pool}": ${text}`;
}

/** The counts of all pools in one sentence. */
function countsText(pools: readonly SummarySnapshot[]): string {
  const sum = (of: (pool: SummarySnapshot) => number): number => pools.reduce((total, pool) => total + of(pool), 0);
  const ended = sum(({ total }) => total.ended);
  const bad = sum(({ total }) => total.bad + total.failed);
  return `${formatCount(ended)} ${ended === 1 ? 'operation' : 'operations'} ended, ${formatCount(bad)} bad (${formatPercent(bad, ended)})`;
}

/**
 * The run in one line of plain words: its verdict, what happened, and why it ended.
 *
 * @example
 * declare const pools: readonly SummarySnapshot[];
 * headline(pools, { ending: { by: 'plan', text: 'the plan ended after 10s' } });
 * // 'VALID: 500 operations ended, 0 bad (0.00 %); the plan ended after 10s'
 */
export function headline(
  pools: readonly SummarySnapshot[],
  { verdict = verdictOf(pools), ending }: RunOutcome,
): string {
  const [worst] = verdict.reasons;
  const what = worst === undefined ? countsText(pools) : reasonText(worst);
  return `${verdict.level}: ${what}${ending === undefined ? '' : `; ${ending.text}`}`;
}

/** How a threshold ended, in one word. */
export function resultOf({
  status,
  violated,
  otherwise,
}: ThresholdState): 'passed' | 'failed' | 'warning' | 'not judged' {
  if (violated) return otherwise === 'warn' ? 'warning' : 'failed';
  return status === 'pending' ? 'not judged' : 'passed';
}

/** A line for each threshold: its result, its condition, and the last value. */
export function thresholdLines(states: readonly ThresholdState[]): readonly string[] {
  const rows = states.map((state) => [
    resultOf(state),
    `${state.pool === undefined ? '' : `pool "${state.pool}": `}${state.condition}`,
    valueText(state.value, state.unit),
  ]);
  return formatTable(rows, ['left', 'left', 'left']);
}

/** Options of {@link outcomeText}. */
interface OutcomeTextOptions extends RunOutcome {
  readonly colour: boolean;
  readonly width: number;
}

/** The first lines of a summary: the headline, the other reasons of the verdict, and the thresholds. Ends with a line break. */
export function outcomeText(
  pools: readonly SummarySnapshot[],
  { colour, width, ...outcome }: OutcomeTextOptions,
): string {
  const paint = pico.createColors(colour);
  const { verdict = verdictOf(pools), thresholds = [] } = outcome;
  const plain = (text: string): string => text;
  const heading = { VALID: paint.green, DEGRADED: paint.yellow, INVALID: paint.red }[verdict.level];
  const inner = width - 2;
  const reasons = verdict.reasons
    .slice(1)
    .flatMap((reason) =>
      wrapText(`! ${reasonText(reason)}`, inner).map(reason.level === 'INVALID' ? paint.red : paint.yellow),
    );
  const lines = thresholdLines(thresholds).map((line, i) => {
    const result = resultOf(thresholds[i] as ThresholdState);
    const painted = { passed: paint.green, failed: paint.red, warning: paint.yellow, 'not judged': paint.yellow }[
      result
    ];
    return (painted ?? plain)(fitText(line, inner));
  });
  const blocks = [reasons, lines]
    .filter((block) => block.length > 0)
    .map((block) => block.map((line) => `  ${line}\n`).join(''));
  return [
    `${wrapText(headline(pools, { ...outcome, verdict }), width)
      .map(heading)
      .join('\n')}\n`,
    ...blocks,
  ].join('\n');
}
