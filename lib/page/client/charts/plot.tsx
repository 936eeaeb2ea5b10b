import { useLayoutEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import type { Mark } from '../data/marks.js';
import { markNear, paintMarks } from './paintMarks.js';
import type { Palette } from './palette.js';
import { onPlotKey } from './plotKeys.js';
import { axesOf, type Scale, scaleOf } from './scales.js';
import { useSpoken } from './spoken.js';

/** One line of a chart. */
export interface Line {
  readonly label: string;
  readonly colour: string;
  readonly fill?: string;
  readonly dashed?: boolean;
  readonly width?: number;
  readonly scale?: string;
  /** Steps instead of straight lines. */
  readonly steps?: boolean;
  /** Points without a line. */
  readonly points?: boolean;
  /** A line through the values that are there. */
  readonly connected?: boolean;
  /** Its values as text, when they are not those of the data, such as in a stack. */
  readonly shown?: (index: number) => string;
  /** What the legend says of the whole line, without a cursor. */
  readonly whole?: string | undefined;
}

/** What a {@link Plot} draws. */
export interface PlotProps {
  /** A sentence for readers of the screen. */
  readonly summary: string;
  readonly palette: Palette;
  readonly x: readonly number[];
  readonly formatX: (value: number) => string;
  readonly logarithmicX?: boolean;
  /** The distances that labels of `x` may have. */
  readonly increments?: readonly number[];
  readonly lines: readonly Line[];
  readonly values: readonly (readonly (number | null)[])[];
  readonly scale: Scale;
  /** A second scale, on the right, for lines with `scale: 'right'`. */
  readonly right?: Scale;
  /** Pairs of lines between which the area is filled. */
  readonly bands?: readonly { readonly upper: number; readonly lower: number; readonly fill: string }[];
  readonly height?: number;
  /** All of `x` that can be seen. Default: from the first value to the last. */
  readonly whole?: readonly [number, number];
  /** The visible part of it. */
  readonly range?: readonly [number, number] | undefined;
  /** Moments that are marked. */
  readonly marks?: readonly Mark[];
  /** True while values are added: without a cursor, the legend has the last ones. */
  readonly live?: boolean;
  /** Called with a part that the user has selected; without one for everything. */
  readonly onZoom?: (range: readonly [number, number] | undefined) => void;
  /** Charts with the same name share a cursor. */
  readonly sync?: string;
  /** Draws below the lines. */
  readonly under?: (plot: uPlot) => void;
  /** A value that is changed when the chart must be made again. */
  readonly look: string;
  readonly printing: boolean;
}

/** The last properties of a chart, for callbacks of one that was made earlier. */
interface Current {
  props: PlotProps;
}

const PRINT_WIDTH = 330;
/** The text of a value in the legend: below the cursor, or the last one of a run that goes on. */
const shownValue =
  (current: Current, of: number): Exclude<uPlot.Series['value'], string | undefined> =>
  (plot, value, series, index) => {
    const { lines, scale, right, live = false } = current.props;
    const line = lines[of];
    if (index === null && !live) return line?.whole ?? '';
    const at = index ?? lastWith(plot.data[series] as readonly (number | null)[]);
    if (line === undefined || at === undefined) return '–';
    if (line.shown !== undefined) return line.shown(at);
    const found: number | null | undefined = index === null ? plot.data[series]?.[at] : value;
    const format = (line.scale === 'right' ? right : scale)?.format ?? String;
    return found === null || found === undefined ? '–' : format(found);
  };

/** A line through so few values would be hard to see, and through one it is nothing. */
function isShort(values: ArrayLike<unknown> = []): boolean {
  return values.length <= 2;
}

/** The moment at the cursor, and what is marked there. */
function atText({ props: { formatX, marks = [] } }: Current, plot: uPlot, x: number): string {
  const mark = markNear(plot, marks);
  return mark === undefined ? formatX(x) : `${formatX(x)} · ${mark}`;
}

/** Runs that are compared have moments of their own: a line without a value at the cursor shows that of its next moment. */
function nearestIndex({ data }: uPlot, series: number, index: number): number {
  const values: ArrayLike<unknown> = data[series] ?? [];
  for (let distance = 0; distance <= NEAR_MOMENTS; distance++)
    for (const at of [index - distance, index + distance])
      if (at >= 0 && at < values.length && values[at] !== undefined) return at;
  return index;
}

const NEAR_MOMENTS = 4;

function lastWith(values: readonly (number | null)[] | undefined): number | undefined {
  const at = values?.findLastIndex((value) => value !== null && value !== undefined) ?? -1;
  return at < 0 ? undefined : at;
}

/** The moment at the cursor with the values of all lines, as a sentence; empty without a cursor. */
function cursorText(current: Current, plot: uPlot | undefined): string {
  const index = plot?.cursor.idx;
  const x = plot?.data[0][index ?? -1];
  if (plot === undefined || index === null || index === undefined || x === undefined) return '';
  const values = current.props.lines.map(({ label }, i) => {
    const at = nearestIndex(plot, i + 1, index);
    return `${label} ${shownValue(current, i)(plot, plot.data[i + 1]?.[at] as number, i + 1, at)}`;
  });
  return [atText(current, plot, x), ...values].join(', ');
}

function seriesOf(current: Current, of: number): uPlot.Series {
  const line = current.props.lines[of] as Line;
  const paths = line.points ? () => null : line.steps ? uPlot.paths.stepped?.({ align: 1 }) : undefined;
  return {
    ...{
      label: line.label,
      stroke: line.colour,
      scale: line.scale ?? 'y',
      width: line.points ? 0 : (line.width ?? 1.5),
    },
    ...(line.fill === undefined ? {} : { fill: line.fill }),
    ...(line.dashed ? { dash: [5, 4] } : {}),
    ...(paths === undefined ? {} : { paths }),
    spanGaps: line.connected === true,
    points: line.points
      ? { show: true, size: 5, stroke: line.colour, fill: line.fill ?? line.colour }
      : { show: (plot, series) => isShort(plot.data[series]), size: 6 },
    value: shownValue(current, of),
  };
}

function optionsOf(current: Current, width: number): uPlot.Options {
  const { props } = current;
  const { lines, bands = [], height = 180, sync, right, scale } = props;
  const reset = (): null => {
    current.props.onZoom?.(undefined);
    return null;
  };
  return {
    ...{ width, height, padding: [8, right === undefined ? 12 : 0, 0, 0], axes: axesOf(props) },
    scales: {
      x: {
        time: false,
        ...(props.logarithmicX ? { distr: 3 } : {}),
        range: (_, min, max) =>
          [...(current.props.range ?? [min ?? 0, max === min ? (max ?? 0) + 1 : (max ?? 1)])] as [number, number],
      },
      y: scaleOf(scale),
      ...(right === undefined ? {} : { right: scaleOf(right) }),
    },
    series: [
      { label: 'at', value: (plot, value, _series, index) => (index === null ? '' : atText(current, plot, value)) },
      ...lines.map((_, i) => seriesOf(current, i)),
    ],
    bands: bands.map(({ upper, lower, fill }) => ({ series: [upper + 1, lower + 1], fill })),
    cursor: {
      ...(sync === undefined ? {} : { sync: { key: sync, setSeries: false } }),
      drag: { x: props.onZoom !== undefined, y: false, setScale: false },
      points: { size: 6 },
      dataIdx: nearestIndex,
      bind: { dblclick: () => reset },
    },
    legend: {
      live: true,
      markers: {
        width: 2,
        stroke: (_, i) => lines[i - 1]?.colour ?? 'transparent',
        fill: (_, i) => (lines[i - 1]?.dashed ? 'transparent' : (lines[i - 1]?.colour ?? 'transparent')),
        dash: (_, i) => (lines[i - 1]?.dashed ? 'dotted' : 'solid'),
      },
    },
    hooks: {
      drawAxes: [(plot) => current.props.under?.(plot)],
      draw: [(plot) => paintMarks(plot, current.props.marks ?? [], uPlot.pxRatio)],
      setSelect: [
        (plot) => {
          const { left, width: wide } = plot.select;
          if (wide < 4) return;
          const at = (px: number): number => plot.posToVal(px, 'x');
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          current.props.onZoom?.([at(left), at(left + wide)]);
        },
      ],
    },
  };
}

/** A chart. It draws new values without being made again, and has the width of its place. */
export function Plot(props: PlotProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const current = useRef<Current>({ props });
  current.current.props = props;
  const { speak, spoken } = useSpoken();
  // uPlot types the arrays as a tuple of any length, whose first one is the moments.
  const data = [props.x, ...props.values] as unknown as uPlot.AlignedData;
  const key = `${props.look} ${props.lines.map(({ label, scale }) => `${label}${scale ?? ''}`).join()}`;

  useLayoutEffect(() => {
    const element = place.current;
    if (element === null) return;
    const widthOf = (): number => (current.current.props.printing ? PRINT_WIDTH : Math.max(160, element.clientWidth));
    const made = new uPlot(optionsOf(current.current, widthOf()), data, element);
    plot.current = made;
    const observer = new ResizeObserver(() => {
      if (widthOf() !== made.width) made.setSize({ width: widthOf(), height: made.height });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = undefined;
    };
  }, [key, props.printing]);

  useLayoutEffect(() => {
    plot.current?.setData(data);
  }, [props.x, props.values, props.range?.[0], props.range?.[1]]);

  return (
    <>
      <div
        ref={place}
        class="plot"
        role="img"
        aria-label={props.summary}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the keys move the cursor of the chart and zoom it
        tabIndex={0}
        onKeyDown={(event) => {
          onPlotKey(event, plot.current, current.current.props);
          if (event.key.startsWith('Arrow')) speak(() => cursorText(current.current, plot.current));
        }}
      />
      {spoken}
    </>
  );
}
