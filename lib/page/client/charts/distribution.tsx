import { valueAtPercentile } from '../../../measure/histogram.js';
import { count, ms, rate } from '../data/format.js';
import { type Knee, kneeOf, type LoadPoint } from '../data/knee.js';
import { type Selected, spectrumOf } from '../data/selection.js';
import type { ChartContext, ShownRun } from './context.js';
import { Figure } from './figure.js';
import { faded } from './palette.js';
import { type Line, Plot, type PlotProps } from './plot.js';
import { WHOLE } from './scales.js';

/** 1/(1-p) as the percentile that users know. */
function percentileText(oneOf: number): string {
  if (oneOf <= 1) return '0 %';
  const digits = Math.max(0, Math.ceil(Math.log10(oneOf)) - 2);
  return `${(100 * (1 - 1 / oneOf)).toFixed(digits)} %`;
}

/** A line of one of the runs, over values of its own. */
interface OwnLine {
  readonly line: Line;
  readonly points: ReadonlyMap<number, number>;
}

/** Lines that have no moments in common, on one axis. */
function onOneAxis(lines: readonly OwnLine[]): Pick<PlotProps, 'x' | 'lines' | 'values'> {
  const x = [...new Set(lines.flatMap(({ points }) => [...points.keys()]))].sort((a, b) => a - b);
  return {
    x,
    lines: lines.map(({ line }) => line),
    values: lines.map(({ points }) => x.map((at) => points.get(at) ?? null)),
  };
}

/** Its name, with that of the run when there are several. */
const named = (label: string, { name }: ShownRun): string => (name === undefined ? label : `${label}, ${name}`);

/** What all charts have that are not over time. */
const notOverTime = ({ palette, store }: ChartContext, also = '') => {
  const { theme, logarithmic, printing } = store.state;
  return { ...{ palette, printing, live: false, look: `${theme} ${logarithmic} ${also}` }, logarithmic };
};

/** Response and service time over 1/(1-p): every decade is one more nine. */
export function Spectrum({ context }: { readonly context: ChartContext }) {
  const { selected, palette, runs } = context;
  const { counts } = selected;
  const { logarithmic, ...plain } = notOverTime(context);
  const lines = runs.flatMap((run): OwnLine[] => {
    const { response, service } = run.selected.counts;
    const shared = { connected: true, dashed: run.before };
    return [
      {
        line: { ...shared, label: named('response', run), colour: palette.blue, width: 2 },
        points: new Map(spectrumOf(response)),
      },
      {
        line: {
          ...shared,
          label: named('service', run),
          colour: palette.teal,
          dashed: run.before || runs.length === 1,
        },
        points: new Map(spectrumOf(service)),
      },
    ];
  });
  const at = (percent: number): string => ms(valueAtPercentile(counts.response, percent));
  return (
    <Figure
      title="Percentile spectrum"
      unit="each decade is one more nine"
      empty={counts.response.count === 0 && 'No operation has ended yet.'}
    >
      <Plot
        {...plain}
        {...onOneAxis(lines)}
        formatX={percentileText}
        logarithmicX
        summary={`Percentile spectrum of the response time of ${count(counts.response.count)} operations: p50 ${at(50)}, p90 ${at(90)}, p99 ${at(99)}, p99.9 ${at(99.9)}, maximum ${ms(counts.response.maxUs / 1000)}.`}
        scale={{ format: ms, logarithmic, atLeast: 0.01 }}
      />
    </Figure>
  );
}

/** A moment of a run as a point. */
interface CurvePoint {
  readonly perSecond: number;
  readonly p50: number;
  readonly p95: number;
}

/** The moments of the selected time; none that is shorter than the others, whose rate is chance. */
function pointsOf({ selection, rows }: Selected, spread: ChartContext['spread']): readonly CurvePoint[] {
  const { range } = selection;
  return rows
    .filter(({ x, counts, window }) => {
      const chosen = range === undefined || (x * 1000 >= range.fromMs && x * 1000 < range.toMs);
      return chosen && counts.ended > 0 && !window.partial;
    })
    .map(({ counts, lengthMs }) => ({
      perSecond: (counts.ended * 1000) / lengthMs,
      p50: spread(counts.response)?.p50 ?? 0,
      p95: spread(counts.response)?.p95 ?? 0,
    }));
}

function kneeText(knee: Knee | undefined): string {
  if (knee === undefined) return 'no knee in this range of rates';
  return `knee at about ${rate(Number(knee.perSecond.toPrecision(2)))}`;
}

/** How the response time depends on the rate, and where it begins to rise. */
export function LoadCurve({ context }: { readonly context: ChartContext }) {
  const { palette, spread, runs } = context;
  const curves = runs.map((run) => {
    const points = pointsOf(run.selected, spread);
    return { run, points, knee: kneeOf(points.map(({ perSecond, p95 }): LoadPoint => ({ perSecond, ms: p95 }))) };
  });
  const compared = runs.length > 1;
  const lines = curves.flatMap(({ run, points, knee }): OwnLine[] => {
    const dots = (label: 'p50' | 'p95', hex: string): OwnLine => ({
      line: { label: named(label, run), colour: hex, points: true, fill: faded(hex, run.before ? 0.15 : 0.55) },
      points: new Map(points.map((point) => [point.perSecond, point[label]])),
    });
    const fit = { label: named('fit of p95', run), colour: palette.red, dashed: true, connected: true };
    return [
      dots('p95', compared && run.before ? palette.blue : palette.orange),
      ...(compared ? [] : [dots('p50', palette.teal)]),
      ...(knee === undefined
        ? []
        : [{ line: fit, points: new Map(knee.line.map((point) => [point.perSecond, point.ms])) }]),
    ];
  });
  const note = curves
    .map(({ run, knee }) => (run.name === undefined ? kneeText(knee) : `${run.name}: ${kneeText(knee)}`))
    .join('; ');
  const { logarithmic, ...plain } = notOverTime(context, note);
  const enough = curves.some(({ points }) => points.length > 1);
  return (
    <Figure
      title="Response time by rate"
      unit="a point per moment"
      note={note}
      empty={!enough && 'It needs more than one moment.'}
    >
      <Plot
        {...plain}
        {...onOneAxis(lines)}
        formatX={(value) => `${count(value)}/s`}
        increments={WHOLE}
        summary={`Response time by achieved rate: ${note}.`}
        scale={{ format: ms, logarithmic, atLeast: 0.01 }}
      />
    </Figure>
  );
}
