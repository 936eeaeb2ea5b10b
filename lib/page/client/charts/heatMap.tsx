import type uPlot from 'uplot';
import { ms } from '../data/format.js';
import { type HeatGrid, heatGrid } from '../data/heat.js';
import { heatChange } from '../data/heatChange.js';
import type { Row, Selected } from '../data/selection.js';
import { type ChartContext, column, moments } from './context.js';
import { Figure } from './figure.js';
import { changeColour, heatColour, type Palette } from './palette.js';
import { TimePlot } from './timePlot.js';
import { LEAST_MS } from './times.js';

const HEAT_ROWS = 44;
/** Fewer, so that the parts of two runs do not differ by chance alone. */
const CHANGE_ROWS = 24;

/** What is painted: rectangles from one moment to another and from one time to another. */
interface HeatCells {
  readonly edges: readonly number[];
  /** The spans of the columns in seconds. */
  readonly spans: readonly (readonly [from: number, to: number])[];
  /** The colour of a cell; undefined when it is empty. */
  readonly colourOf: (column: number, row: number) => string | undefined;
}

function paint({ ctx, bbox, valToPos }: uPlot, { edges, spans, colourOf }: HeatCells): void {
  const rows = edges.map((edge) => valToPos(Math.max(LEAST_MS, edge), 'y', true));
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  for (const [column, [from, to]] of spans.entries()) {
    const [left, right] = [Math.floor(valToPos(from, 'x', true)), Math.ceil(valToPos(to, 'x', true))];
    for (let row = 0; row < rows.length - 1; row++) {
      const colour = colourOf(column, row);
      if (colour === undefined) continue;
      ctx.fillStyle = colour;
      const [bottom, top] = [Math.ceil(rows[row] as number), Math.floor(rows[row + 1] as number)];
      ctx.fillRect(left, top, Math.max(1, right - left), Math.max(1, bottom - top));
    }
  }
  ctx.restore();
}

/** The whole height, which the lines do not fill. */
const endsOf = ({ edges: [low, ...more] }: HeatCells): readonly [number, number] | undefined =>
  low === undefined ? undefined : [Math.max(LEAST_MS, low), more.at(-1) ?? low];

const spanOf = ({ x, lengthMs }: Row): readonly [number, number] => [x - lengthMs / 2000, x + lengthMs / 2000];

/** The stronger the colour, the more operations. */
function cellsOf({ edges, columns, peak }: HeatGrid, rows: readonly Row[], palette: Palette): HeatCells {
  return {
    edges,
    spans: rows.map(spanOf),
    colourOf: (column, row) => {
      const cell = columns[column]?.[row] ?? 0;
      // The root shows single slow operations beside thousands of fast ones.
      return cell === 0 ? undefined : heatColour(palette, 0.12 + 0.88 * Math.sqrt(cell / peak));
    },
  };
}

/** The distribution of the response time over time, or how it has changed when runs are compared. */
export function HeatMap({ context }: { readonly context: ChartContext }) {
  const { selected, palette, spread, runs } = context;
  const compared = runs.length > 1;
  const grid = heatGrid(
    selected.rows.map(({ counts }) => counts.response),
    HEAT_ROWS,
  );
  const change = compared
    ? heatChange(
        runs.filter(({ before }) => before).map((run) => run.selected.rows),
        runs.filter(({ before }) => !before).map((run) => run.selected.rows),
        CHANGE_ROWS,
      )
    : undefined;
  const cells: HeatCells =
    change === undefined
      ? cellsOf(grid, selected.rows, palette)
      : { ...change, colourOf: (column, row) => changeColour(palette, change.changes[column]?.[row] ?? 0) };
  const extreme = (run: Selected, key: 'min' | 'max') => ({
    values: column(run, ({ counts }) => spread(counts.response)?.[key]),
    whole: ms(spread(run.counts.response)?.[key]),
  });
  const hidden = { colour: 'transparent', width: 0, detail: true } as const;
  return (
    <Figure
      title="Response time heat map"
      note={
        compared
          ? 'orange: a larger part after the change; blue: a smaller one'
          : 'the stronger the colour, the more operations'
      }
      empty={grid.peak === 0 && 'No operation has ended yet.'}
    >
      <TimePlot
        context={context}
        summary={`Heat map of the response time, from ${ms(cells.edges[0])} to ${ms(cells.edges.at(-1))}.`}
        of={(run) => ({
          x: moments(run),
          courses: [
            {
              ...{ label: 'p99', colour: palette.orange, width: 1.2 },
              whole: ms(spread(run.counts.response)?.p99),
              values: column(run, ({ counts }) => spread(counts.response)?.p99),
            },
            { ...hidden, label: 'min', ...extreme(run, 'min') },
            { ...hidden, label: 'max', ...extreme(run, 'max') },
          ],
        })}
        scale={{ format: ms, logarithmic: true, ends: endsOf(cells) }}
        under={(plot) => paint(plot, cells)}
      />
    </Figure>
  );
}
