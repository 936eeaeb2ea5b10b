import type uPlot from 'uplot';
import type { Histogram } from '../../../measure/histogram.js';
import type { WindowCounts } from '../../../measure/windowCounts.js';
import { ms } from '../data/format.js';
import { heatGrid } from '../data/heat.js';
import { type ChartContext, column, moments, overTime } from './context.js';
import { Figure } from './figure.js';
import { faded, heatColour } from './palette.js';
import { Plot } from './plot.js';

/** A logarithmic scale has no 0. */
const LEAST_MS = 0.001;

/** Percentiles of a time, as bands. */
export function Percentiles(props: {
  readonly context: ChartContext;
  readonly title: string;
  readonly note: string;
  readonly of: (counts: WindowCounts) => Histogram;
}) {
  const { context, title, note, of } = props;
  const { selected, palette, spread } = context;
  const { logarithmic } = context.store.state;
  const at = (key: 'p50' | 'p90' | 'p99' | 'p999' | 'max'): (number | null)[] =>
    column(selected, ({ counts }) => {
      const value = spread(of(counts))?.[key];
      return value === undefined ? null : Math.max(logarithmic ? LEAST_MS : 0, value);
    });
  const values = [at('max'), at('p999'), at('p99'), at('p90'), at('p50')];
  const whole = spread(of(selected.counts));
  return (
    <Figure title={title} note={note} empty={whole === null && 'No operation has ended yet.'}>
      <Plot
        {...overTime(context)}
        summary={`${title} over time. Median ${ms(whole?.p50)}, 99th percentile ${ms(whole?.p99)}, maximum ${ms(whole?.max)}.`}
        x={moments(selected)}
        lines={[
          { label: 'max', colour: palette.grey, width: 1 },
          { label: 'p99.9', colour: palette.red, width: 1 },
          { label: 'p99', colour: palette.orange },
          { label: 'p90', colour: palette.blue },
          { label: 'p50', colour: palette.teal, width: 2 },
        ]}
        values={values}
        bands={[
          { upper: 1, lower: 2, fill: faded(palette.red, 0.08) },
          { upper: 2, lower: 3, fill: faded(palette.orange, 0.13) },
          { upper: 3, lower: 4, fill: faded(palette.blue, 0.16) },
        ]}
        scale={{ format: ms, logarithmic, atLeast: 0.01 }}
      />
    </Figure>
  );
}

const HEAT_ROWS = 44;

/** The distribution of the response time over time: the stronger the colour of a cell, the more operations. */
export function HeatMap({ context }: { readonly context: ChartContext }) {
  const { selected, palette, spread } = context;
  const grid = heatGrid(
    selected.rows.map(({ counts }) => counts.response),
    HEAT_ROWS,
  );
  const p99 = column(selected, ({ counts }) => spread(counts.response)?.p99);
  const paint = (plot: uPlot): void => {
    const { ctx, bbox } = plot;
    const x = (seconds: number): number => plot.valToPos(seconds, 'x', true);
    const rows = grid.edges.map((edge) => plot.valToPos(Math.max(LEAST_MS, edge), 'y', true));
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    for (const [i, column] of grid.columns.entries()) {
      const row = selected.rows[i];
      if (row === undefined) continue;
      const half = row.lengthMs / 2000;
      const [left, right] = [Math.floor(x(row.x - half)), Math.ceil(x(row.x + half))];
      for (let r = 0; r < HEAT_ROWS; r++) {
        const cell = column[r] as number;
        if (cell === 0) continue;
        // The root shows single slow operations beside thousands of fast ones.
        ctx.fillStyle = heatColour(palette, 0.12 + 0.88 * Math.sqrt(cell / grid.peak));
        const [bottom, top] = [Math.ceil(rows[r] as number), Math.floor(rows[r + 1] as number)];
        ctx.fillRect(left, top, Math.max(1, right - left), Math.max(1, bottom - top));
      }
    }
    ctx.restore();
  };
  const low = column(selected, () => Math.max(LEAST_MS, grid.edges[0] ?? LEAST_MS));
  const high = column(selected, () => grid.edges.at(-1));
  return (
    <Figure
      title="Response time heat map"
      note="the stronger the colour, the more operations"
      empty={grid.peak === 0 && 'No operation has ended yet.'}
    >
      <Plot
        {...overTime(context)}
        summary={`Heat map of the response time, from ${ms(grid.edges[0])} to ${ms(grid.edges.at(-1))}.`}
        x={moments(selected)}
        lines={[
          { label: 'p99', colour: palette.orange, width: 1.2 },
          {
            label: 'min',
            colour: 'transparent',
            width: 0,
            shown: (i) => ms(spread(selected.rows[i]?.counts.response ?? selected.counts.response)?.min),
          },
          {
            label: 'max',
            colour: 'transparent',
            width: 0,
            shown: (i) => ms(spread(selected.rows[i]?.counts.response ?? selected.counts.response)?.max),
          },
        ]}
        values={[p99, low, high]}
        scale={{ format: ms, logarithmic: true }}
        under={paint}
      />
    </Figure>
  );
}
