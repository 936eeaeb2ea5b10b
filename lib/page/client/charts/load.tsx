import { plannedCounts } from '../../../measure/summary.js';
import type { PlannedPoint } from '../../model/pageModel.js';
import { count, rate } from '../data/format.js';
import type { Selected } from '../data/selection.js';
import { type ChartContext, column, moments, overTime, perSecond, secondsAt } from './context.js';
import { Figure } from './figure.js';
import { faded } from './palette.js';
import { Plot } from './plot.js';

/** The planned rate at the moments of the rows: of the windows, or of the plan as it was steered. */
function plannedRates(selected: Selected): (number | null)[] {
  const { model, pools, rows } = selected;
  const series = pools.map(({ id }) => model.planned(id));
  // The last reading in the first half of a row: at the end of the plan there is none any more.
  const near = (points: readonly PlannedPoint[], x: number): number | null =>
    (points.findLast(({ at }) => secondsAt(selected, at) <= x) ?? points[0])?.perSecond ?? null;
  return rows.map((row) => {
    if (row.window.planned !== null) return perSecond(row.window.planned, row);
    const rates = series.map((points) => near(points, row.x));
    return rates.every((value) => value !== null && Number.isFinite(value))
      ? rates.reduce<number>((a, b) => a + (b ?? 0), 0)
      : null;
  });
}

/** Planned, started and ended operations per second. */
export function Rates({ context }: { readonly context: ChartContext }) {
  const { selected, palette } = context;
  const tagged = selected.selection.tag !== undefined;
  const ended = column(selected, (row) => perSecond(tagged ? row.counts.ended : plannedCounts(row.window).ended, row));
  const whole = [
    { line: { label: 'planned', colour: palette.grey, dashed: true, width: 1.5 }, values: plannedRates(selected) },
    {
      line: { label: 'started', colour: palette.violet, width: 1.2 },
      values: column(selected, (row) => perSecond(row.window.started, row)),
    },
  ];
  const shown = [
    ...(tagged ? [] : whole.filter(({ values }) => values.some((value) => value !== null))),
    { line: { label: 'ended', colour: palette.blue, fill: faded(palette.blue, 0.1) }, values: ended },
  ];
  const last = ended.at(-1);
  return (
    <Figure
      title="Rate"
      unit="operations per second"
      empty={selected.rows.length === 0 && 'No operation has ended yet.'}
    >
      <Plot
        {...overTime(context)}
        summary={`Rate over time. At the end ${rate(last)} ended.`}
        x={moments(selected)}
        lines={shown.map(({ line }) => line)}
        values={shown.map(({ values }) => values)}
        scale={{ format: (value) => count(value), atLeast: 1 }}
      />
    </Figure>
  );
}

/** Running and busy instances. */
export function Instances({ context }: { readonly context: ChartContext }) {
  const { selected, palette } = context;
  const { model, pools } = selected;
  const series = pools.map(({ id }) => model.progress(id));
  const longest = series.reduce((a, b) => (b.length > a.length ? b : a), []);
  const sum = (i: number, of: 'instances' | 'inFlight' | 'instancesGrown'): number =>
    series.reduce((total, points) => total + (points[Math.min(i, points.length - 1)]?.progress[of] ?? 0), 0);
  const of = (key: 'instances' | 'inFlight' | 'instancesGrown'): number[] => longest.map((_, i) => sum(i, key));
  const grown = of('instancesGrown');
  return (
    <Figure title="Instances" unit="at the same time" empty={longest.length === 0 && 'No instance has started yet.'}>
      <Plot
        {...overTime(context)}
        summary={`Instances over time. At the end ${count(of('instances').at(-1))} run, ${count(of('inFlight').at(-1))} of them are busy.`}
        x={longest.map(({ at }) => secondsAt(selected, at))}
        lines={[
          { label: 'running', colour: palette.grey, steps: true },
          { label: 'busy', colour: palette.teal, fill: faded(palette.teal, 0.15), steps: true },
          ...(grown.some((value) => value > 0) ? [{ label: 'grown', colour: palette.amber, steps: true }] : []),
        ]}
        values={[of('instances'), of('inFlight'), ...(grown.some((value) => value > 0) ? [grown] : [])]}
        scale={{ format: count, atLeast: 1 }}
      />
    </Figure>
  );
}
