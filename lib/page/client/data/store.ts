import type { Playback } from '../../../engine/runHandle.js';
import { KeptEvents } from '../../model/keptEvents.js';
import type { PageComparison } from '../../model/pageComparison.js';
import type { PageEvent } from '../../model/pageEvent.js';
import { PageModel } from '../../model/pageModel.js';
import type { Range, Selection } from './selection.js';

/** Where the data comes from, as the user sees it. */
export type Connection =
  | { readonly kind: 'report' }
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live'; readonly steerable: boolean }
  | { readonly kind: 'ended' }
  | { readonly kind: 'lost'; readonly reason: string };

/** One of several runs that are compared. */
export interface ComparedModel {
  /** `before` or `after`, with a number when a side has several runs. */
  readonly name: string;
  readonly before: boolean;
  readonly path: string;
  readonly model: PageModel;
}

/** A comparison and its runs. */
export interface LoadedComparison {
  readonly comparison: PageComparison;
  readonly runs: readonly ComparedModel[];
}

/** Which colours are shown. */
export type Theme = 'light' | 'dark';

/** The state of the page besides the run. */
export interface PageState {
  readonly connection: Connection;
  readonly selection: Selection;
  readonly theme: Theme;
  /** Whether charts of times have a logarithmic scale. */
  readonly logarithmic: boolean;
  /** While the page is printed. */
  readonly printing: boolean;
  /** Updates that the server dropped because this page was slow. */
  readonly dropped: number;
  /** How a recorded run is played; undefined for a run that runs, and in a report. */
  readonly playback: Playback | undefined;
  /** The result of the last command. */
  readonly notice: string;
}

const EVERYTHING: Selection = { pool: undefined, tag: undefined, range: undefined };

/** The run and the state of the page. Calls back at most once per frame of the screen. */
export class Store {
  model = new PageModel();
  kept = new KeptEvents();
  state: PageState;
  /** Undefined in a page of one run. */
  compared: LoadedComparison | undefined;
  #waiting = false;

  constructor(
    theme: Theme,
    private readonly onChange: () => void,
  ) {
    this.state = {
      ...{ connection: { kind: 'connecting' }, selection: EVERYTHING, theme, logarithmic: true },
      ...{ printing: false, dropped: 0, notice: '', playback: undefined },
    };
  }

  /** Forgets the run, before a snapshot. */
  restart(dropped: number): void {
    this.model = new PageModel();
    this.kept = new KeptEvents();
    this.set({ dropped });
  }

  add(events: readonly PageEvent[]): void {
    for (const event of events) {
      this.model.add(event);
      this.kept.add(event);
    }
    this.#changed();
  }

  /** Shows a comparison. Its last run is that of the page. */
  compare(compared: LoadedComparison): void {
    this.compared = compared;
    this.model = compared.runs.at(-1)?.model ?? this.model;
    this.#changed();
  }

  set(change: Partial<PageState>): void {
    this.state = { ...this.state, ...change };
    this.#changed();
  }

  select(change: Partial<Selection>): void {
    this.set({ selection: { ...this.state.selection, ...change } });
  }

  /** Shows a span of time; the whole run without one, or when it is too short. */
  zoom(range: Range | undefined): void {
    const short = range !== undefined && range.toMs - range.fromMs < 500;
    if (!short) this.select({ range });
  }

  #changed(): void {
    if (this.#waiting) return;
    this.#waiting = true;
    requestAnimationFrame(() => {
      this.#waiting = false;
      this.onChange();
    });
  }
}
