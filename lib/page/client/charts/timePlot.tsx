import uPlot from 'uplot';
import type { Selected } from '../data/selection.js';
import { type ChartContext, overTime, type ShownRun } from './context.js';
import { faded } from './palette.js';
import { type Line, Plot, type PlotProps } from './plot.js';

/** A line of a chart over time, and its values at the moments of the chart. */
export interface Course extends Line {
  readonly values: readonly (number | null)[];
  /** A line that is left out when runs are compared, which would have too many. */
  readonly detail?: boolean;
}

/** The lines of one run. */
export interface Courses {
  /** The moments, in seconds since the start of the run. */
  readonly x: readonly number[];
  readonly courses: readonly Course[];
}

/** The look of a line of one of several runs: that of the baseline is dashed and pale. */
function lineOf(
  { values: _values, detail: _detail, fill: _fill, shown: _shown, ...line }: Course,
  run: ShownRun,
): Line {
  const label = `${line.label}, ${run.name}`;
  return run.before ? { ...line, label, colour: faded(line.colour, 0.65), dashed: true } : { ...line, label };
}

/** The lines of all runs on one axis of time, each run from its own start. */
function overlaid(
  runs: readonly ShownRun[],
  of: (selected: Selected) => Courses,
): Pick<PlotProps, 'x' | 'lines' | 'values'> {
  const drawn = runs.map((run) => {
    const { x, courses } = of(run.selected);
    return { run, x, courses: courses.filter(({ detail }) => detail !== true) };
  });
  const tables = drawn.map(({ x, courses }) => [[...x], ...courses.map(({ values }) => [...values])]);
  const [x = [], ...values] = uPlot.join(tables as uPlot.AlignedData[]);
  // Lines of one name stand beside each other.
  const lines = drawn.flatMap(({ run, courses }) =>
    courses.map((course, order) => ({ line: lineOf(course, run), order })),
  );
  const inOrder = lines.map((line, i) => ({ ...line, i })).sort((a, b) => a.order - b.order);
  return {
    x: x as readonly number[],
    lines: inOrder.map(({ line }) => line),
    values: inOrder.map(({ i }) => values[i] as readonly (number | null)[]),
  };
}

/** A chart over time of one run, or with all runs of a comparison over each other. */
export function TimePlot({
  context,
  of,
  bands,
  ...props
}: {
  readonly context: ChartContext;
  /** The lines of a run. */
  readonly of: (selected: Selected) => Courses;
} & Pick<PlotProps, 'summary' | 'scale'> &
  Partial<Pick<PlotProps, 'right' | 'bands' | 'under'>>) {
  const { runs, selected } = context;
  if (runs.length > 1) {
    const { right, ...shared } = props;
    const { lines, ...drawn } = overlaid(runs, of);
    const scales = right !== undefined && lines.some(({ scale }) => scale === 'right') ? { right } : {};
    return <Plot {...overTime(context)} {...shared} {...scales} {...drawn} lines={lines} />;
  }
  const { x, courses } = of(selected);
  return (
    <Plot
      {...overTime(context)}
      {...props}
      {...(bands === undefined ? {} : { bands })}
      x={x}
      lines={courses}
      values={courses.map(({ values }) => values)}
    />
  );
}
