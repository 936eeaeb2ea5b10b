import type { WindowCounts } from '../../../measure/windowCounts.js';
import { count, rate } from '../data/format.js';
import { type ChartContext, moments, overTime, perSecond } from './context.js';
import { Figure } from './figure.js';
import { faded, type Palette } from './palette.js';
import { Plot } from './plot.js';

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
  const { selected, palette } = context;
  const outcomes = outcomesOf(selected.counts);
  const parts = outcomes.map(({ of }) => selected.rows.map((row) => perSecond(of(row.counts), row) ?? 0));
  // The first line is the whole stack, so that the lower areas are drawn over the higher ones.
  const order = outcomes.map((_, i) => outcomes.length - 1 - i);
  const stacked = order.map((i) =>
    selected.rows.map((_, row) => parts.slice(0, i + 1).reduce((sum, part) => sum + (part[row] as number), 0)),
  );
  return (
    <Figure
      title="Statuses and failures"
      unit="per second, stacked"
      empty={outcomes.length === 0 && 'No operation has ended yet.'}
    >
      <Plot
        {...overTime(context)}
        summary={`Statuses and failures over time: ${outcomes.map(({ name, of }) => `${name} ${count(of(selected.counts))}`).join(', ')}.`}
        x={moments(selected)}
        lines={order.map((i) => {
          const outcome = outcomes[i] as Outcome;
          const colour = outcomeColour(palette, outcomes, outcome);
          return {
            label: outcome.name,
            colour,
            fill: faded(colour, 0.5),
            width: 1,
            steps: true,
            shown: (row: number) => rate(parts[i]?.[row]),
          };
        })}
        values={stacked}
        bands={order.slice(0, -1).map((_, i) => ({
          upper: i,
          lower: i + 1,
          fill: faded(outcomeColour(palette, outcomes, outcomes[order[i] as number] as Outcome), 0.5),
        }))}
        scale={{ format: count, atLeast: 1 }}
      />
    </Figure>
  );
}
