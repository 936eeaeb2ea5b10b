import { mergeCounts, type WindowCounts } from '../../../measure/windowCounts.js';
import { count, rate } from '../data/format.js';
import type { Selected } from '../data/selection.js';
import { type ChartContext, moments, perSecond } from './context.js';
import { Figure } from './figure.js';
import { faded, type Palette } from './palette.js';
import { TimePlot } from './timePlot.js';

/** A way in which an operation ends. */
export interface Outcome {
  readonly name: string;
  readonly kind: 'ok' | 'bad' | 'failed' | 'discarded';
  readonly of: (counts: WindowCounts) => number;
}

/** Statuses and failures with a colour of their own. The others are shown together. */
const SHOWN = 8;

const statusOf =
  (status: number) =>
  ({ statuses }: WindowCounts): number =>
    statuses.find((each) => each.status === status)?.count ?? 0;
const failureOf =
  (netCode: number, name: string) =>
  ({ failures }: WindowCounts): number =>
    failures.find((each) => each.name === name && each.netCode === netCode)?.count ?? 0;

/** The name of a failure. */
export const failureName = ({ name, netCode }: { readonly name: string; readonly netCode: number }): string =>
  name === '' ? `failure ${netCode}` : name;

/** The ways in which the operations ended: statuses, failures, and what was not shot; the most frequent first of each. */
export function outcomesOf(counts: WindowCounts): readonly Outcome[] {
  const statuses = [...counts.statuses].sort((a, b) => b.count - a.count);
  const failures = [...counts.failures].sort((a, b) => b.count - a.count);
  const named: Outcome[] = [
    ...statuses.map(
      ({ status, bad, count: all }): Outcome => ({
        ...{ name: status === 0 ? 'response' : String(status), of: statusOf(status) },
        kind: bad * 2 > all ? 'bad' : 'ok',
      }),
    ),
    ...failures.map(
      (failure): Outcome => ({
        name: failureName(failure),
        kind: 'failed',
        of: failureOf(failure.netCode, failure.name),
      }),
    ),
  ];
  const [shown, rest] = [named.slice(0, SHOWN), named.slice(SHOWN)];
  const others = (of: WindowCounts): number =>
    rest.reduce((sum, each) => sum + each.of(of), of.otherStatuses + of.otherFailures);
  return [
    ...shown,
    ...(rest.length > 0 || others(counts) > 0 ? [{ name: 'others', kind: 'bad' as const, of: others }] : []),
    ...(counts.discarded > 0
      ? [{ name: 'not shot', kind: 'discarded' as const, of: (of: WindowCounts) => of.discarded }]
      : []),
  ];
}

const OK = ['teal', 'blue', 'green', 'violet'] as const;
const BAD = ['amber', 'orange'] as const;

/** Its colour: cool for good, warm for bad, red for failed. */
export function outcomeColour(palette: Palette, outcomes: readonly Outcome[], outcome: Outcome): string {
  const among = outcomes.filter(({ kind }) => kind === outcome.kind).indexOf(outcome);
  if (outcome.kind === 'ok') return palette[OK[among % OK.length] as (typeof OK)[number]];
  if (outcome.kind === 'bad') return palette[BAD[among % BAD.length] as (typeof BAD)[number]];
  return outcome.kind === 'failed' ? palette.red : palette.grey;
}

/** Statuses and failures over time, stacked. */
export function Outcomes({ context }: { readonly context: ChartContext }) {
  const { selected, palette, runs } = context;
  const compared = runs.length > 1;
  const outcomes = outcomesOf(runs.map((run) => run.selected.counts).reduce(mergeCounts));
  const colourOf = (i: number): string => outcomeColour(palette, outcomes, outcomes[i] as Outcome);
  const ratesOf = (run: Selected): readonly (readonly number[])[] =>
    outcomes.map(({ of }) => run.rows.map((row) => perSecond(of(row.counts), row) ?? 0));
  // The first line is the whole stack, so that the lower areas are drawn over the higher ones.
  const order = outcomes.map((_, i) => outcomes.length - 1 - i);
  const stacked = (parts: readonly (readonly number[])[], i: number): number[] =>
    (parts[0] ?? []).map((_, row) => parts.slice(0, i + 1).reduce((sum, part) => sum + (part[row] as number), 0));
  return (
    <Figure
      title="Statuses and failures"
      unit={compared ? 'per second' : 'per second, stacked'}
      empty={outcomes.length === 0 && 'No operation has ended yet.'}
    >
      <TimePlot
        context={context}
        summary={`Statuses and failures over time: ${outcomes.map(({ name, of }) => `${name} ${count(of(selected.counts))}`).join(', ')}.`}
        of={(run) => {
          const parts = ratesOf(run);
          return {
            x: moments(run),
            courses: order.map((i) => ({
              ...{ label: outcomes[i]?.name ?? '', colour: colourOf(i), width: 1, steps: true },
              fill: faded(colourOf(i), 0.5),
              // The lines of several stacks over each other could not be read.
              values: compared ? (parts[i] ?? []) : stacked(parts, i),
              shown: (row: number) => rate(parts[i]?.[row]),
              whole: count(outcomes[i]?.of(run.counts)),
            })),
          };
        }}
        bands={order.slice(0, -1).map((i, at) => ({ upper: at, lower: at + 1, fill: faded(colourOf(i), 0.5) }))}
        scale={{ format: count, atLeast: 1, whole: true }}
      />
    </Figure>
  );
}
