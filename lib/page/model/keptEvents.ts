import type { RunEvent, ThreadWindow } from '../../engine/runEvent.js';
import { mergeHistograms } from '../../measure/histogram.js';
import { roughWindow } from '../../measure/roughWindow.js';
import type { Window } from '../../measure/window.js';
import { WindowSum } from '../../measure/windowSum.js';
import { ProcessSeries } from '../../view/processSeries.js';
import { Timeline } from '../../view/timeline.js';
import type { PageEvent } from './pageEvent.js';
import { PAGE_LIMITS } from './pageLimits.js';
import { Thinned } from './thinned.js';

type Of<T extends RunEvent['type']> = Extract<RunEvent, { readonly type: T }>;

/** What is kept of one pool. */
class KeptPool {
  readonly progress = new Thinned<Of<'progress'>>(PAGE_LIMITS.slots);
  readonly #windows: Timeline;
  readonly #threads = new Map<number, ThreadWindow>();
  #sum = new WindowSum();

  constructor(
    private readonly pool: string,
    values: number,
  ) {
    this.#windows = new Timeline({ slots: PAGE_LIMITS.slots, values });
  }

  add({ window, threads = [] }: Of<'window'>): void {
    this.#windows.add(roughWindow(window));
    this.#sum.add(window);
    for (const { thread, ended, lateness } of threads) {
      const before = this.#threads.get(thread);
      const merged =
        before === undefined
          ? { thread, ended, lateness }
          : { thread, ended: before.ended + ended, lateness: mergeHistograms(before.lateness, lateness) };
      this.#threads.set(thread, merged);
    }
  }

  /** The exact sum of all windows. */
  get total(): Window | undefined {
    return this.#sum.window;
  }

  /** Replaces the sum by an exact one. */
  restore(window: Window): void {
    this.#sum = new WindowSum();
    this.#sum.add(window);
  }

  /** One event per slot, with rough times. The parts of the threads are with the last one. */
  get windows(): readonly Of<'window'>[] {
    const { slots } = this.#windows;
    const threads = this.#threads.size === 0 ? {} : { threads: [...this.#threads.values()] };
    return slots.map(({ window }, i) => ({
      ...{ type: 'window', pool: this.pool, at: window.to, window },
      ...(i === slots.length - 1 ? threads : {}),
    }));
  }
}

/**
 * The event without what no page shows: reports, and the summaries, which a page computes from the windows. `undefined` when
 * nothing is left.
 */
export function forPage(event: RunEvent): RunEvent | undefined {
  if (event.type === 'report') return undefined;
  return event.type === 'run-finished' ? { ...event, summaries: [] } : event;
}

/**
 * The events of a run of any length in bounded memory: windows, readings and progress are merged or thinned over time, other
 * events are kept up to a limit. A page that receives {@link events} shows the same totals as a page that has received all of
 * them, so this is what a late reader and a report get.
 */
export class KeptEvents {
  #started: Of<'run-started'> | undefined;
  #finished: Of<'run-finished'> | undefined;
  /** The last state of the workers. */
  #workers: Of<'workers'> | undefined;
  readonly #before: RunEvent[] = [];
  readonly #others: RunEvent[] = [];
  #exchanges = 0;
  readonly #pools = new Map<string, KeptPool>();
  readonly #process = new ProcessSeries(PAGE_LIMITS.slots);
  readonly #thresholds = new Thinned<Of<'thresholds'>>(PAGE_LIMITS.slots);

  add(event: PageEvent): void {
    switch (event.type) {
      case 'run-started': {
        this.#started = event;
        const values = PAGE_LIMITS.values / Math.max(1, event.pools.length);
        for (const { id } of event.pools) this.#pools.set(id, new KeptPool(id, values));
        return;
      }
      case 'window':
        this.#pools.get(event.pool)?.add(event);
        return;
      case 'total':
        this.#pools.get(event.pool)?.restore(event.window);
        return;
      case 'progress':
        this.#pools.get(event.pool)?.progress.add(event);
        return;
      case 'workers':
        this.#workers = event;
        return;
      case 'process':
        this.#process.add(event.at, event.reading);
        return;
      case 'thresholds':
        this.#thresholds.add(event);
        return;
      case 'run-finished':
        this.#finished = { ...event, summaries: [] };
        return;
      case 'report':
        return;
      case 'exchange':
        if (this.#exchanges++ < PAGE_LIMITS.lines) this.#others.push(event);
        return;
      default:
        this.#keep(this.#started === undefined ? this.#before : this.#others, event);
    }
  }

  /** In the order of time. */
  events(): readonly PageEvent[] {
    const pools = [...this.#pools.values()];
    const during: RunEvent[] = [
      ...this.#others,
      ...pools.flatMap(({ windows }) => windows),
      ...pools.flatMap(({ progress }) => progress.values),
      ...this.#process.points.map(({ at, reading }): RunEvent => ({ type: 'process', at, reading })),
      ...this.#thresholds.values,
      ...(this.#workers === undefined ? [] : [this.#workers]),
    ];
    const totals = [...this.#pools].flatMap(([pool, { total: window }]): PageEvent[] =>
      window === undefined ? [] : [{ type: 'total', pool, at: window.to, window }],
    );
    return [
      ...this.#before,
      ...(this.#started === undefined ? [] : [this.#started]),
      ...during.sort((a, b) => a.at - b.at),
      ...totals,
      ...(this.#finished === undefined ? [] : [this.#finished]),
    ];
  }

  /** Beyond the limit, those after the first quarter are dropped, oldest first. */
  #keep(list: RunEvent[], event: RunEvent): void {
    list.push(event);
    if (list.length - Math.min(this.#exchanges, PAGE_LIMITS.lines) <= PAGE_LIMITS.lines) return;
    const first = list.findIndex(
      ({ type }, i) => i >= PAGE_LIMITS.lines / 4 && (type === 'warning' || type === 'annotation'),
    );
    list.splice(first === -1 ? Math.floor(PAGE_LIMITS.lines / 4) : first, 1);
  }
}
