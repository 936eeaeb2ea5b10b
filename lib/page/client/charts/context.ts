import type { EpochMs } from '../../../core/units.js';
import type { Histogram } from '../../../measure/histogram.js';
import type { Spread } from '../../../view/point.js';
import { elapsed } from '../data/format.js';
import type { Row, Selected } from '../data/selection.js';
import type { Store } from '../data/store.js';
import type { Palette } from './palette.js';
import type { PlotProps } from './plot.js';

/** What every chart gets. */
export interface ChartContext {
  readonly store: Store;
  readonly selected: Selected;
  readonly palette: Palette;
  readonly spread: (histogram: Histogram) => Spread | null;
}

/** Distances of labels of time. */
const SECONDS = [
  0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400,
];

/** The properties of all charts over time. */
export function overTime({
  store,
  selected,
  palette,
}: ChartContext): Pick<
  PlotProps,
  'palette' | 'formatX' | 'increments' | 'range' | 'onZoom' | 'sync' | 'look' | 'printing'
> {
  const { range } = selected.selection;
  const { theme, logarithmic, printing } = store.state;
  const short = range !== undefined && range.toMs - range.fromMs < 10_000;
  return {
    ...{ palette, formatX: (seconds) => elapsed(seconds * 1000, short), sync: 'time', printing, increments: SECONDS },
    range: range === undefined ? undefined : [range.fromMs / 1000, range.toMs / 1000],
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
