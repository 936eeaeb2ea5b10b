import { count, ms, rate } from '../data/format.js';
import { kneeOf, type LoadPoint } from '../data/knee.js';
import { spectrumOf } from '../data/selection.js';
import type { ChartContext } from './context.js';
import { Figure } from './figure.js';
import { faded } from './palette.js';
import { Plot } from './plot.js';

/** 1/(1-p) as the percentile that users know. */
function percentileText(oneOf: number): string {
  if (oneOf <= 1) return '0 %';
  const digits = Math.max(0, Math.ceil(Math.log10(oneOf)) - 2);
  return `${(100 * (1 - 1 / oneOf)).toFixed(digits)} %`;
}

/** Response and service time over 1/(1-p): every decade is one more nine. */
export function Spectrum({ context }: { readonly context: ChartContext }) {
  const { selected, palette, store } = context;
  const { counts } = selected;
  const [response, service] = [spectrumOf(counts.response), spectrumOf(counts.service)];
  const x = [...new Set([...response, ...service].map(([oneOf]) => oneOf))].sort((a, b) => a - b);
  const on = (points: typeof response): (number | null)[] => {
    const known = new Map(points);
    return x.map((oneOf) => known.get(oneOf) ?? null);
  };
  const { theme, logarithmic, printing } = store.state;
  return (
    <Figure
      title="Percentile spectrum"
      unit="each decade is one more nine"
      empty={x.length === 0 && 'No operation has ended yet.'}
    >
      <Plot
        {...{ palette, printing, formatX: percentileText, logarithmicX: true, look: `${theme} ${logarithmic}` }}
        summary={`Percentile spectrum of ${count(counts.response.count)} operations, up to ${ms(counts.response.maxUs / 1000)}.`}
        x={x}
        lines={[
          { label: 'response', colour: palette.blue, width: 2, connected: true },
          { label: 'service', colour: palette.teal, dashed: true, connected: true },
        ]}
        values={[on(response), on(service)]}
        scale={{ format: ms, logarithmic, atLeast: 0.01 }}
      />
    </Figure>
  );
}

/** How the response time depends on the rate, and where it begins to rise. */
export function LoadCurve({ context }: { readonly context: ChartContext }) {
  const { selected, palette, spread, store } = context;
  const { range } = selected.selection;
  const inside = selected.rows.filter(({ x, counts, window }) => {
    const chosen = range === undefined || (x * 1000 >= range.fromMs && x * 1000 < range.toMs);
    return chosen && counts.ended > 0 && !window.partial;
  });
  const points = inside
    .map(({ counts, lengthMs }) => ({
      perSecond: (counts.ended * 1000) / lengthMs,
      p50: spread(counts.response)?.p50 ?? 0,
      p95: spread(counts.response)?.p95 ?? 0,
    }))
    .sort((a, b) => a.perSecond - b.perSecond);
  const knee = kneeOf(points.map(({ perSecond, p95 }): LoadPoint => ({ perSecond, ms: p95 })));
  const x = [
    ...new Set([...points.map(({ perSecond }) => perSecond), ...(knee?.line ?? []).map(({ perSecond }) => perSecond)]),
  ].sort((a, b) => a - b);
  const at = (of: (point: (typeof points)[number]) => number): (number | null)[] => {
    const known = new Map(points.map((point) => [point.perSecond, of(point)]));
    return x.map((perSecond) => known.get(perSecond) ?? null);
  };
  const line = new Map((knee?.line ?? []).map((point) => [point.perSecond, point.ms]));
  const { theme, logarithmic, printing } = store.state;
  const note =
    knee === undefined
      ? 'no knee in this range of rates'
      : `knee at about ${rate(Number(knee.perSecond.toPrecision(2)))}`;
  return (
    <Figure
      title="Response time by rate"
      unit="a point per moment"
      note={note}
      empty={points.length < 2 && 'It needs more than one moment.'}
    >
      <Plot
        {...{
          palette,
          printing,
          formatX: (value: number) => `${count(value)}/s`,
          look: `${theme} ${logarithmic} ${knee === undefined}`,
        }}
        summary={`Response time by achieved rate: ${note}.`}
        x={x}
        lines={[
          { label: 'p95', colour: palette.orange, points: true, fill: faded(palette.orange, 0.55) },
          { label: 'p50', colour: palette.teal, points: true, fill: faded(palette.teal, 0.55) },
          ...(knee === undefined ? [] : [{ label: 'fit of p95', colour: palette.red, dashed: true, connected: true }]),
        ]}
        values={[
          at(({ p95 }) => p95),
          at(({ p50 }) => p50),
          ...(knee === undefined ? [] : [x.map((perSecond) => line.get(perSecond) ?? null)]),
        ]}
        scale={{ format: ms, logarithmic, atLeast: 0.01 }}
      />
    </Figure>
  );
}
