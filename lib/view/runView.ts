import type { Command } from '../../operators/ticks/command.js';
import type { EpochMs, Millis } from '../core/units.js';
import type { RunEnding, RunEvent, RunFailure } from '../engine/runEvent.js';
import type { KeptExchange } from '../measure/keptExchange.js';
import { roughWindow } from '../measure/roughWindow.js';
import type { RunVerdict, ThresholdState } from '../measure/runVerdict.js';
import type { SummarySnapshot } from '../measure/summary.js';
import { emptyWindow, type Window } from '../measure/window.js';
import { WindowSum } from '../measure/windowSum.js';
import type { WorkerRow, WorkerState } from '../measure/workerState.js';
import { PoolView } from './poolView.js';
import { ProcessSeries } from './processSeries.js';
import { type LogEntry, type LogKind, RunLog } from './runLog.js';
import { Timeline, withoutTags } from './timeline.js';
import { workerRow } from './workerRow.js';

/** The bounds of a {@link RunView}. */
export interface ViewLimits {
  /** The largest number of points in a chart. Default 3,600: an hour by the second. */
  readonly slots: number;
  /**
   * The largest amount of numbers in the histograms of a {@link Timeline}; a number takes 8 bytes. It applies to all pools together, and
   * once more to the sum of the pools. Default 8,000,000.
   */
  readonly values: number;
  /** The largest number of lines of the log, and of kept exchanges. Default 500. */
  readonly lines: number;
}

const DEFAULTS: ViewLimits = { slots: 3600, values: 8_000_000, lines: 500 };

/** The state of a run. */
export type RunPhase = 'waiting' | 'running' | 'finished';

/** An exchange and the pool that made it. */
export interface PoolExchange extends KeptExchange {
  readonly pool: string;
}

const NONE = emptyWindow(0);

/** A command as text, such as `speed x 1.25`. */
export function commandText(command: Command): string {
  if (command.type === 'rate') return `rate ${command.perSecond}/s`;
  if (command.type === 'scale') return `speed x ${Number(command.factor.toPrecision(4))}`;
  return command.type;
}

/**
 * Everything that a screen, a page or a report shows of a run: a fold of its events. The events of a live run, of its
 * record and of a rehearsal give the same view.
 *
 * - It has no clock: `now` is the moment of the last event, and methods with `at` accept a later one.
 * - Its memory is bounded for a run of any length, see {@link Timeline}.
 * - It needs no Node, so it also works in a browser.
 *
 * @example
 * declare const events: Observable<RunEvent>;
 * const view = new RunView();
 * events.subscribe((event) => {
 *   view.add(event);
 *   console.log(view.total.total.ended, view.totals.slots.at(-1)?.point.response?.p99);
 * });
 */
export class RunView {
  readonly #limits: ViewLimits;
  readonly #pools = new Map<string, PoolView>();
  readonly #log: RunLog;
  readonly #process: ProcessSeries;
  readonly #exchanges: PoolExchange[] = [];
  #exchangesDropped = 0;
  /** Undefined for a single pool, whose own windows are those of the run. */
  #windows: Timeline | undefined;
  #totals: Timeline | undefined;
  #sum: WindowSum | undefined;
  #violated = new Set<string>();
  #workers: readonly WorkerState[] = [];
  phase: RunPhase = 'waiting';
  /** The moment of the last event. */
  now: EpochMs = 0;
  startedAt: EpochMs | undefined;
  finishedAt: EpochMs | undefined;
  threads = 1;
  seed: number | undefined;
  /** Number of events so far: what was drawn can be kept until it changes. */
  eventCount = 0;
  /** Number of windows so far: what is computed from windows can be kept until it changes. */
  windowCount = 0;
  thresholds: readonly ThresholdState[] = [];
  ending: RunEnding | undefined;
  failure: RunFailure | undefined;
  verdict: RunVerdict | undefined;
  /** Empty before the end of the run. */
  summaries: readonly SummarySnapshot[] = [];

  constructor(limits: Partial<ViewLimits> = {}) {
    this.#limits = { ...DEFAULTS, ...limits };
    this.#log = new RunLog(this.#limits.lines);
    this.#process = new ProcessSeries(this.#limits.slots);
  }

  /** In the order of the config. */
  get pools(): readonly PoolView[] {
    return [...this.#pools.values()];
  }

  pool(id: string): PoolView | undefined {
    return this.#pools.get(id);
  }

  /** Windows of all pools together, with tags: the lower resolution. */
  get windows(): Timeline {
    return this.#windows ?? this.#single?.windows ?? new Timeline(this.#limits);
  }

  /** Windows of all pools together, without tags: the points of the charts. */
  get totals(): Timeline {
    return this.#totals ?? this.#single?.totals ?? new Timeline(this.#limits);
  }

  /** The windows of all pools, merged exactly. Computed when it is read, so read it once for each window. */
  get total(): Window {
    return this.#sum?.window ?? this.#single?.total ?? NONE;
  }

  /** The same without rows for tags: it takes less time. */
  get untagged(): Window {
    return this.#sum?.untagged ?? this.#single?.untagged ?? NONE;
  }

  /** Warnings, remarks, commands and failures, in order. */
  get log(): readonly LogEntry[] {
    return this.#log.entries;
  }

  /** Lines of the log that were dropped because there were too many. */
  get logDropped(): number {
    return this.#log.dropped;
  }

  /** Examples of bad and failed exchanges. */
  get exchanges(): readonly PoolExchange[] {
    return this.#exchanges;
  }

  /** Exchanges that were dropped because there were too many. */
  get exchangesDropped(): number {
    return this.#exchangesDropped;
  }

  /** What the process used over time; empty in virtual time. */
  get process(): ProcessSeries['points'] {
    return this.#process.points;
  }

  /** The threads, processes or machines that play the run, with the results of their shares; empty for a run in one thread. */
  get workers(): readonly WorkerRow[] {
    const shares = this.pools.flatMap(({ threads }) => threads);
    const lengthMs = this.phase === 'finished' ? this.elapsedMsAt(this.now) : null;
    return this.#workers.map((worker) => workerRow(worker, shares, lengthMs));
  }

  /** Since the start of the run; 0 before it, the whole length after it. */
  elapsedMsAt(at: EpochMs): Millis {
    return this.startedAt === undefined ? 0 : Math.max(0, (this.finishedAt ?? at) - this.startedAt);
  }

  /** True when every pool that has not ended is paused. */
  get paused(): boolean {
    const open = this.pools.filter(({ phase }) => phase !== 'finished');
    return open.length > 0 && open.every(({ position }) => position.paused);
  }

  /** Replaces the sum of the windows of a pool, which were rough, by the exact one. */
  restoreTotal(pool: string, window: Window): void {
    this.#pools.get(pool)?.restoreTotal(window);
    if (this.#sum === undefined) return;
    this.#sum = new WindowSum();
    for (const { total } of this.pools) if (total.to > total.from) this.#sum.add(total);
  }

  add(event: RunEvent): void {
    this.now = Math.max(this.now, event.at);
    this.eventCount++;
    if ('pool' in event && event.pool !== undefined) {
      const pool = this.#pools.get(event.pool);
      if (pool === undefined) return;
      pool.add(event);
    }
    switch (event.type) {
      case 'run-started':
        this.#start(event);
        break;
      case 'window':
        this.#addWindow(event.window);
        break;
      case 'command':
        if (event.pool === undefined) for (const pool of this.pools) pool.add(event);
        this.#write('command', event, commandText(event.command));
        break;
      case 'warning':
        this.#write('warning', event, event.message);
        break;
      case 'annotation':
        this.#write('remark', event, event.text);
        break;
      case 'pool-stopped':
        this.#write('stopped', event, event.reason);
        break;
      case 'observer-failed':
        this.#write('observer', event, event.message);
        break;
      case 'workers':
        this.#workers = event.workers;
        break;
      case 'process':
        this.#process.add(event.at, event.reading);
        break;
      case 'thresholds':
        this.#judge(event.states, event.at);
        break;
      case 'exchange':
        this.#keep({ ...event.exchange, pool: event.pool });
        break;
      case 'run-finished':
        this.#finish(event);
    }
  }

  get #single(): PoolView | undefined {
    return this.#pools.size === 1 ? this.pools[0] : undefined;
  }

  #start({ at, pools, threads, seed }: Extract<RunEvent, { type: 'run-started' }>): void {
    const { slots, values } = this.#limits;
    this.phase = 'running';
    this.startedAt = at;
    this.threads = threads;
    this.seed = seed;
    const perPool = { slots, values: values / Math.max(1, pools.length) };
    for (const pool of pools) this.#pools.set(pool.id, new PoolView(pool, perPool));
    if (pools.length === 1) return;
    this.#windows = new Timeline(this.#limits);
    this.#totals = new Timeline(this.#limits);
    this.#sum = new WindowSum();
  }

  #addWindow(window: Window): void {
    this.windowCount++;
    if (this.#sum === undefined) return;
    const rough = roughWindow(window);
    this.#windows?.add(rough);
    this.#totals?.add(withoutTags(rough));
    this.#sum.add(window);
  }

  #write(kind: LogKind, { at, ...rest }: { readonly at: EpochMs; readonly pool?: string }, text: string): void {
    this.#log.add({ at, kind, text, ...(rest.pool === undefined ? {} : { pool: rest.pool }) });
  }

  #judge(states: readonly ThresholdState[], at: EpochMs): void {
    this.thresholds = states;
    for (const { condition, pool, violated } of states) {
      const key = `${pool ?? ''}\n${condition}`;
      if (!violated || this.#violated.has(key)) continue;
      this.#violated.add(key);
      this.#write('threshold', pool === undefined ? { at } : { at, pool }, `violated: ${condition}`);
    }
  }

  #keep(exchange: PoolExchange): void {
    if (this.#exchanges.length < this.#limits.lines) this.#exchanges.push(exchange);
    else this.#exchangesDropped++;
  }

  #finish(event: Extract<RunEvent, { type: 'run-finished' }>): void {
    this.phase = 'finished';
    this.finishedAt = event.at;
    this.summaries = event.summaries;
    this.ending = event.ending;
    this.verdict = event.verdict;
    this.failure = event.failure;
    if (event.thresholds !== undefined) this.#judge(event.thresholds, event.at);
    if (event.failure !== undefined) this.#write('failure', event, event.failure.message);
  }
}
