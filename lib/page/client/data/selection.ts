import type { EpochMs } from '../../../core/units.js';
import { openConnections } from '../../../measure/connectionCounts.js';
import { type Histogram, valueAtPercentile } from '../../../measure/histogram.js';
import { countsOf, type Window } from '../../../measure/window.js';
import { EMPTY_COUNTS, type WindowCounts } from '../../../measure/windowCounts.js';
import { type Spread, spreadOf } from '../../../view/point.js';
import type { PoolView } from '../../../view/poolView.js';
import type { Timeline } from '../../../view/timeline.js';
import type { PageModel } from '../../model/pageModel.js';

/** A span of time, in milliseconds since the start of the run. */
export interface Range {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What the user wants to see. */
export interface Selection {
  /** Undefined: all pools together. */
  readonly pool: string | undefined;
  /** Undefined: all operations. */
  readonly tag: string | undefined;
  /** Undefined: the whole run. */
  readonly range: Range | undefined;
}

/** One point of every chart over time. */
export interface Row {
  /** The middle of its span, in seconds since the start of the run. */
  readonly x: number;
  readonly lengthMs: number;
  readonly window: Window;
  /** Of the selected tag, or of all operations. */
  readonly counts: WindowCounts;
  /** The connections that were open at its end. */
  readonly open: number;
}

/** What is selected: everything that charts and tables show comes from here. */
export interface Selected {
  readonly model: PageModel;
  readonly selection: Selection;
  readonly startedAt: EpochMs;
  /** The selected pools. */
  readonly pools: readonly PoolView[];
  /** The whole run, for charts, which zoom themselves. */
  readonly rows: readonly Row[];
  /** All windows of the selected time, merged, with tags. */
  readonly window: Window;
  /** Of the selected tag, or of all operations, in the selected time. */
  readonly counts: WindowCounts;
  /** The last row in the selected time. */
  readonly last: Row | undefined;
  readonly spanMs: number;
}

/** The windows of a timeline in a span of the run, merged. Their times are rough, as in every timeline. */
export function windowIn(timeline: Timeline, startedAt: EpochMs, range: Range): Window {
  return timeline.between(startedAt + range.fromMs, startedAt + range.toMs);
}

/**
 * Without a first and a last row that are much shorter than the others: before the first full second, and at the end of a run. They have too
 * few operations for a rate. Tables count them.
 */
function withoutRests(rows: readonly Row[], over: boolean): readonly Row[] {
  const isRest = (row: Row | undefined, beside: Row | undefined): boolean =>
    row !== undefined && beside !== undefined && row.lengthMs < beside.lengthMs / 2;
  const first = rows.length > 2 && isRest(rows[0], rows[1]) ? 1 : 0;
  const last = over && isRest(rows.at(-1), rows.at(-2)) ? -1 : undefined;
  return rows.slice(first, last);
}

/** Selects from a model. */
export function select(model: PageModel, selection: Selection): Selected {
  const { view } = model;
  const { pool: id, tag, range } = selection;
  const startedAt = view.startedAt ?? view.now;
  const only = id === undefined ? undefined : view.pool(id);
  const source = only ?? view;
  const { slots } = tag === undefined ? source.totals : source.windows;
  let open = 0;
  const all = slots.map(({ window }): Row => {
    const counts = tag === undefined ? window.total : (countsOf(window, tag) ?? EMPTY_COUNTS);
    const x = ((window.from + window.to) / 2 - startedAt) / 1000;
    open += openConnections(window.connections);
    return { x, open, lengthMs: Math.max(1, window.to - window.from), window, counts };
  });
  const rows = withoutRests(all, model.view.phase === 'finished');
  // The whole run is exact.
  const window = range === undefined ? source.total : windowIn(source.windows, startedAt, range);
  const inside = range === undefined ? rows : rows.filter(({ x }) => x * 1000 >= range.fromMs && x * 1000 < range.toMs);
  return {
    ...{ model, selection, startedAt, rows, window },
    pools: only === undefined ? view.pools : [only],
    counts: tag === undefined ? window.total : (countsOf(window, tag) ?? EMPTY_COUNTS),
    last: inside.at(-1),
    spanMs: Math.max(0, window.to - window.from),
  };
}

/** Figures of histograms, each computed once. Histograms are never changed. */
export class Spreads {
  readonly #known = new WeakMap<Histogram, Spread | null>();

  of(histogram: Histogram): Spread | null {
    const known = this.#known.get(histogram);
    if (known !== undefined) return known;
    const spread = spreadOf(histogram);
    this.#known.set(histogram, spread);
    return spread;
  }
}

/** The tags of a window: scenarios, groups and requests. */
export function tagNames({ tags, groups, scenarios }: Window): readonly string[] {
  return [...scenarios.keys(), ...groups.keys(), ...tags.keys()];
}

/** Percentiles of a histogram on a scale of 1/(1-p): the value that one of so many operations exceeds. */
export function spectrumOf(histogram: Histogram): readonly (readonly [oneOf: number, ms: number])[] {
  const points: [number, number][] = [];
  if (histogram.count === 0) return points;
  for (let oneOf = 1; oneOf < histogram.count; oneOf *= 1.15) {
    points.push([oneOf, valueAtPercentile(histogram, 100 * (1 - 1 / oneOf))]);
  }
  points.push([Math.max(1, histogram.count), histogram.maxUs / 1000]);
  return points;
}
