import { plannedCounts } from '../../../measure/summary.js';
import type { PlannedPoint } from '../../model/pageModel.js';
import { count, rate } from '../data/format.js';
import type { Selected } from '../data/selection.js';
import { type ChartContext, column, moments, perSecond, secondsAt } from './context.js';
import { Figure } from './figure.js';
import { faded, type Palette } from './palette.js';
import { type Course, type Courses, TimePlot } from './timePlot.js';

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

/** Of a tag only what ended is known. */
function ratesOf(selected: Selected, palette: Palette): Courses {
  const tagged = selected.selection.tag !== undefined;
  const ended = column(selected, (row) => perSecond(tagged ? row.counts.ended : plannedCounts(row.window).ended, row));
  const { window, spanMs, counts } = selected;
  const mean = (count: number | null): string | undefined =>
    count === null || spanMs <= 0 ? undefined : rate((count * 1000) / spanMs);
  const started = column(selected, (row) => perSecond(row.window.started, row));
  const whole: readonly Course[] = [
    {
      label: 'planned',
      colour: palette.grey,
      dashed: true,
      width: 1.5,
      values: plannedRates(selected),
      detail: true,
      whole: mean(window.planned),
    },
    { label: 'started', colour: palette.violet, width: 1.2, values: started, whole: mean(window.started) },
  ];
  return {
    x: moments(selected),
    courses: [
      ...(tagged ? [] : whole.filter(({ values }) => values.some((value) => value !== null))),
      {
        ...{ label: 'ended', colour: palette.blue, fill: faded(palette.blue, 0.1), values: ended },
        whole: mean(tagged ? counts.ended : plannedCounts(window).ended),
      },
    ],
  };
}

/** Planned, started and ended operations per second. */
export function Rates({ context }: { readonly context: ChartContext }) {
  const { selected, palette } = context;
  const { ended } = selected.counts;
  const mean = selected.spanMs > 0 ? (ended * 1000) / selected.spanMs : null;
  return (
    <Figure
      title="Rate"
      unit="operations per second"
      empty={selected.rows.length === 0 && 'No operation has ended yet.'}
    >
      <TimePlot
        context={context}
        of={(run) => ratesOf(run, palette)}
        summary={`Rate over time. ${count(ended)} operations ended, ${rate(mean)} on average.`}
        scale={{ format: count, atLeast: 1, whole: true }}
      />
    </Figure>
  );
}

function instancesOf(selected: Selected, palette: Palette): Courses {
  const { model, pools } = selected;
  const series = pools.map(({ id }) => model.progress(id));
  const longest = series.reduce((a, b) => (b.length > a.length ? b : a), []);
  const sum = (i: number, of: 'instances' | 'inFlight' | 'instancesGrown'): number =>
    series.reduce((total, points) => total + (points[Math.min(i, points.length - 1)]?.progress[of] ?? 0), 0);
  const of = (key: 'instances' | 'inFlight' | 'instancesGrown'): number[] => longest.map((_, i) => sum(i, key));
  const grown = of('instancesGrown');
  return {
    x: longest.map(({ at }) => secondsAt(selected, at)),
    courses: [
      { label: 'running', colour: palette.grey, steps: true, values: of('instances') },
      { label: 'busy', colour: palette.teal, fill: faded(palette.teal, 0.15), steps: true, values: of('inFlight') },
      ...(grown.some((value) => value > 0)
        ? [{ label: 'grown', colour: palette.amber, steps: true, values: grown }]
        : []),
    ],
  };
}

/** Running and busy instances. */
export function Instances({ context }: { readonly context: ChartContext }) {
  const { selected, palette } = context;
  const { x, courses } = instancesOf(selected, palette);
  const most = (label: string): number =>
    Math.max(0, ...(courses.find((course) => course.label === label)?.values.map(Number) ?? []));
  return (
    <Figure title="Instances" unit="at the same time" empty={x.length === 0 && 'No instance has started yet.'}>
      <TimePlot
        context={context}
        of={(run) => instancesOf(run, palette)}
        summary={`Instances over time. At most ${count(most('running'))} were running, and ${count(most('busy'))} busy.`}
        scale={{ format: count, atLeast: 1, whole: true }}
      />
    </Figure>
  );
}
