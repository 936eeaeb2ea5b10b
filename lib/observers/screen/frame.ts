import { emptyWindow, type Window } from '../../measure/window.js';
import type { RunView } from '../../view/runView.js';
import { beside, fit, type Line } from './line.js';
import { heatMapPanel, rateChartPanel } from './panels/charts.js';
import { outcomePanel, ratePanel, timesPanel } from './panels/figuresPanel.js';
import { footer, helpPanel } from './panels/footer.js';
import { healthPanel, logPanel, thresholdsPanel } from './panels/health.js';
import { headline, poolLines } from './panels/progress.js';
import { type Shown, subject } from './panels/shown.js';
import { tagsPanel } from './panels/tags.js';
import { workersPanel } from './panels/workers.js';

/** The size of a terminal. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** The rows of each part of the screen; 0 leaves it out. */
interface Heights {
  readonly pools: number;
  readonly figures: number;
  readonly charts: number;
  readonly tags: number;
  readonly health: number;
  readonly workers: number;
  readonly thresholds: number;
  readonly log: number;
}

/** The rows of the parts by the rows of the screen: the first line that fits counts. The table of tags has what the others leave. */
const LAYOUTS: readonly (Omit<Heights, 'tags'> & { readonly rows: number })[] = [
  { rows: 52, pools: 6, figures: 8, charts: 11, health: 3, workers: 9, thresholds: 8, log: 8 },
  { rows: 44, pools: 6, figures: 8, charts: 9, health: 3, workers: 7, thresholds: 5, log: 6 },
  { rows: 34, pools: 4, figures: 8, charts: 7, health: 3, workers: 5, thresholds: 4, log: 5 },
  { rows: 22, pools: 2, figures: 8, charts: 0, health: 2, workers: 0, thresholds: 2, log: 3 },
  { rows: 18, pools: 2, figures: 8, charts: 0, health: 2, workers: 0, thresholds: 0, log: 0 },
  { rows: 12, pools: 2, figures: 8, charts: 0, health: 0, workers: 0, thresholds: 0, log: 0 },
  { rows: 6, pools: 2, figures: 0, charts: 0, health: 0, workers: 0, thresholds: 0, log: 0 },
  { rows: 0, pools: 0, figures: 0, charts: 0, health: 0, workers: 0, thresholds: 0, log: 0 },
];
/** Fewer columns have no room for three panels side by side. */
const FIGURES_WIDTH = 60;
/** The title and the names of the columns. */
const TABLE_HEAD = 2;
/** A taller chart shows no more. */
const MAX_CHART = 24;

/** Shares the rows out. The head and the foot have one each, and rows that the table does not need make the charts taller. */
function heightsOf({ columns, rows }: Size, { pools, thresholds, workers }: RunView, tags: number): Heights {
  const layout = LAYOUTS.find((each) => rows >= each.rows) as (typeof LAYOUTS)[number];
  const shown = {
    pools: Math.min(pools.length, layout.pools),
    figures: columns < FIGURES_WIDTH ? 0 : layout.figures,
    charts: layout.charts,
    health: layout.health,
    workers: workers.length === 0 ? 0 : Math.min(workers.length + TABLE_HEAD, layout.workers),
    thresholds: thresholds.length === 0 ? 0 : Math.min(thresholds.length + 1, layout.thresholds),
    log: layout.log,
  };
  const left = Math.max(0, rows - Object.values(shown).reduce((sum, height) => sum + height, 2));
  const taller = shown.charts === 0 ? 0 : Math.min(Math.max(0, left - tags - TABLE_HEAD), MAX_CHART - shown.charts);
  return { ...shown, charts: shown.charts + taller, tags: left - taller };
}

/** The parts of the frame that change only with an event, a key or the size. */
class Parts {
  #key = '';
  readonly #lines = new Map<string, readonly Line[]>();
  #recent: Window = emptyWindow(0);

  /** Forgets the lines of another state. */
  of(shown: Shown, { columns, rows }: Size): this {
    const { view, state } = shown;
    const { windowMs, sort, ascending, filter, scroll, pool } = state;
    const key = [view.eventCount, columns, rows, windowMs, sort, ascending, filter, scroll, pool].join('\n');
    if (key === this.#key) return this;
    this.#key = key;
    this.#lines.clear();
    this.#recent = windowMs === Number.POSITIVE_INFINITY ? subject(shown).total : subject(shown).windows.last(windowMs);
    return this;
  }

  /** How many tags the window of the figures has. */
  get tags(): number {
    const { tags, groups, scenarios } = this.#recent;
    return tags.size + groups.size + scenarios.size;
  }

  part(name: string, lines: (recent: Window) => readonly Line[]): readonly Line[] {
    const known = this.#lines.get(name) ?? lines(this.#recent);
    this.#lines.set(name, known);
    return known;
  }
}

/** Draws frames: pure but for what it keeps of the last one, so that only what has changed is computed. */
export class Frames {
  readonly #parts = new Parts();

  /**
   * The lines of the screen: `rows` lines of `columns` cells.
   *
   * @param written Lines that other code has written to the terminal.
   * @param keys False when no keys can be read.
   */
  draw(shown: Shown, size: Size, written: readonly string[] = [], keys = true): readonly Line[] {
    const { columns, rows } = size;
    if (shown.state.help) return [headline(shown, columns), ...helpPanel(columns, rows - 1)].slice(0, rows);
    const parts = this.#parts.of(shown, size);
    const heights = heightsOf(size, shown.view, parts.tags);
    const lines = [
      headline(shown, columns),
      ...poolLines(shown, columns, heights.pools),
      ...this.#figures(shown, columns, heights.figures),
      ...(heights.charts === 0 ? [] : parts.part('charts', () => charts(shown, columns, heights.charts))),
      ...(heights.tags <= TABLE_HEAD
        ? []
        : parts.part('tags', (recent) => tagsPanel(shown, recent, columns, heights.tags))),
      ...(heights.health === 0
        ? []
        : parts.part('health', (recent) => healthPanel(shown, recent, columns, heights.health))),
      ...(heights.workers === 0 ? [] : parts.part('workers', () => workersPanel(shown, columns, heights.workers))),
      ...(heights.thresholds === 0 ? [] : thresholdsPanel(shown, columns, heights.thresholds)),
      ...(heights.log === 0 ? [] : logPanel(shown, written, columns, heights.log)),
    ];
    const body = Array.from({ length: Math.max(0, rows - 1) }, (_, row) => lines[row] ?? fit([], columns));
    return rows === 1 ? [headline(shown, columns)] : [...body, footer(shown, keys, columns)];
  }

  #figures(shown: Shown, columns: number, height: number): readonly Line[] {
    if (height === 0) return [];
    const [rate, times] = columns >= 110 ? [Math.floor(columns * 0.34), Math.floor(columns * 0.3)] : [26, 31];
    const outcome = columns - rate - times - 2;
    const of = this.#parts;
    const left = of.part('times', (recent) => timesPanel(shown, recent, times, height));
    const right = of.part('outcome', (recent) => outcomePanel(shown, recent, outcome, height));
    return beside(
      of.part('rate', (recent) => ratePanel(shown, recent, rate, height)),
      left,
      right,
    );
  }
}

/** Rates and times over time: side by side where there is room, otherwise the map of times alone. */
function charts(shown: Shown, columns: number, height: number): readonly Line[] {
  if (columns < 100) return heatMapPanel(shown, columns, height);
  const left = Math.floor((columns - 1) / 2);
  return beside(rateChartPanel(shown, left, height), heatMapPanel(shown, columns - 1 - left, height));
}
