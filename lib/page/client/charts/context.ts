import type { EpochMs } from '../../../core/units.js';
import type { Histogram } from '../../../measure/histogram.js';
import type { Spread } from '../../../view/point.js';
import { elapsed } from '../data/format.js';
import { marksOf } from '../data/marks.js';
import type { Row, Selected } from '../data/selection.js';
import type { Store } from '../data/store.js';
import type { Palette } from './palette.js';
import type { PlotProps } from './plot.js';

/** One of the runs that a page shows. */
export interface ShownRun {
  /** Undefined in a page of one run; otherwise `before` or `after`, with a number when a side has several runs. */
  readonly name: string | undefined;
  readonly before: boolean;
  readonly selected: Selected;
}

/** What every chart gets. */
export interface ChartContext {
  readonly store: Store;
  /** All runs: one, or those of a comparison. */
  readonly runs: readonly ShownRun[];
  /** The run, or the last one after the change. */
  readonly selected: Selected;
  readonly palette: Palette;
  readonly spread: (histogram: Histogram) => Spread | null;
}

/** Distances of labels of time. */
const SECONDS = [
  0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400,
];

/** The seconds from the start of the run to its last event. */
const secondsOf = ({ model: { view } }: Selected): number => view.elapsedMsAt(view.now) / 1000;

/** The properties of all charts over time. They show the same span, so that what is below each other happened together. */
export function overTime({
  store,
  runs,
  selected,
  palette,
}: ChartContext): Pick<
  PlotProps,
  'palette' | 'formatX' | 'increments' | 'whole' | 'range' | 'onZoom' | 'sync' | 'look' | 'printing' | 'marks' | 'live'
> {
  const { range } = selected.selection;
  const { theme, logarithmic, printing, connection } = store.state;
  const whole = [0, Math.max(1, ...runs.map((run) => secondsOf(run.selected)))] as const;
  const short = (range === undefined ? whole[1] * 1000 : range.toMs - range.fromMs) < 10_000;
  return {
    ...{ palette, formatX: (seconds) => elapsed(seconds * 1000, short), sync: 'time', printing, increments: SECONDS },
    ...{ whole, marks: marksOf(selected, palette), live: connection.kind === 'live' },
    range: range === undefined ? whole : [range.fromMs / 1000, range.toMs / 1000],
    onZoom: (zoomed) => store.zoom(zoomed && { fromMs: zoomed[0] * 1000, toMs: zoomed[1] * 1000 }),
    look: `${theme} ${logarithmic}`,
  };
}

/** The moments of rows. */
export const moments = ({ rows }: Selected): readonly number[] => rows.map(({ x }) => x);

/** A number of each row. */
export const column = ({ rows }: Selected, of: (row: Row) => number | null | undefined): (number | null)[] =>
  rows.map((row) => of(row) ?? null);

/** A count of a row per second. */
export const perSecond = (count: number | null, { lengthMs }: Row): number | null =>
  count === null ? null : (count * 1000) / lengthMs;

/** Seconds since the start of the run. */
export const secondsAt = ({ startedAt }: Selected, at: EpochMs): number => (at - startedAt) / 1000;
