import { finalize, ignoreElements, tap } from 'rxjs';
import { struct } from '../codec/struct.js';
import type { Plan } from '../core/plan.js';
import type { Millis } from '../core/units.js';
import type { AnnouncedPool, PoolProgress, RunEvent, RunObserver } from '../engine/runEvent.js';
import { valueAtPercentile } from '../measure/histogram.js';
import { plannedCounts } from '../measure/summary.js';
import type { Window } from '../measure/window.js';
import type { WorkerState } from '../measure/workerState.js';
import { component } from '../plugin/component.js';
import { type TextStream, useColour } from '../report/format.js';
import { type ProgressState, progressLine } from '../report/progressLine.js';
import { workersText } from '../view/workerRow.js';

/** The default of `everyMs`. */
const PLAIN_EVERY_MS: Millis = 5000;
/** Progress may come a little early. */
const EARLY_MS: Millis = 100;

/** Options of {@link liveLine}. */
export interface LiveLineOptions {
  readonly stream: TextStream;
  /** Variables `TERM`, `NO_COLOR` and `FORCE_COLOR`. Default: none. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Writes one line after another, without codes of a terminal. Default: when the stream is no terminal. */
  readonly plain?: boolean;
  /** The time from one plain line of a pool to the next. Default 5000. */
  readonly everyMs?: Millis;
}

interface PoolState {
  readonly plan: Plan | undefined;
  readonly perInstance: boolean;
  progress?: PoolProgress;
  window?: Window;
  bad: number;
  lastPlain: Millis;
}

function stateOf(pool: string, { plan, perInstance, progress, window, bad }: PoolState): ProgressState {
  const elapsed = progress?.elapsed ?? 0;
  const copies = perInstance ? (progress?.instances ?? 1) : 1;
  const over = plan !== undefined && elapsed * 1e6 >= plan.durationNs;
  const length = window === undefined ? 0 : window.to - window.from;
  const response = window?.total.response;
  const at = (p: number): Millis | null =>
    response === undefined || response.count === 0 ? null : valueAtPercentile(response, p);
  return {
    pool,
    // Progress that comes a little early is not shown as the second before.
    elapsedMs: Math.round(elapsed / EARLY_MS) * EARLY_MS,
    totalMs: plan === undefined ? null : plan.durationNs / 1e6,
    plannedPerSecond: plan === undefined || over ? null : plan.rateAt(elapsed * 1e6) * copies,
    achievedPerSecond: window === undefined || length === 0 ? null : (plannedCounts(window).ended * 1000) / length,
    inFlight: progress?.inFlight ?? 0,
    bad,
    p50Ms: at(50),
    p99Ms: at(99),
  };
}

/** The lines of all pools: redrawn in place on a terminal, otherwise written at intervals. */
class Lines {
  readonly #states = new Map<string, PoolState>();
  readonly #live: boolean;
  /** The workers, when some are lost or silent; otherwise empty. */
  #workers = '';
  #drawn = 0;

  constructor(
    private readonly stream: TextStream,
    private readonly env: Readonly<Record<string, string | undefined>>,
    private readonly everyMs: Millis,
    plain: boolean,
  ) {
    this.#live = !plain && stream.isTTY === true && env.TERM !== 'dumb';
  }

  see(event: RunEvent): void {
    if (event.type === 'run-started') for (const pool of event.pools) this.#announce(pool);
    else if (event.type === 'run-finished') this.clear();
    else if (event.type === 'workers') this.#watch(event.workers);
    else if (event.type === 'window') this.#count(event.pool, event.window);
    else if (event.type === 'progress') this.#show(event.pool, event.progress);
  }

  #announce({ id, plan, rpsPerInstance }: AnnouncedPool): void {
    this.#states.set(id, { plan, perInstance: rpsPerInstance, bad: 0, lastPlain: 0 });
  }

  /** A plain line is written when it has changed. */
  #watch(workers: readonly WorkerState[]): void {
    const absent = workers.filter(({ phase }) => phase === 'lost' || phase === 'silent');
    const names = absent.map(({ worker, phase }) => `${worker} is ${phase}`);
    const text = absent.length === 0 ? '' : `workers: ${workersText(workers)}; ${names.slice(0, 5).join(', ')}`;
    if (text !== this.#workers && text !== '' && !this.#live) this.stream.write(`${text}\n`);
    this.#workers = text;
  }

  #count(pool: string, window: Window): void {
    const state = this.#states.get(pool);
    if (state === undefined) return;
    state.window = window;
    state.bad += window.total.bad + window.total.failed;
  }

  #show(pool: string, progress: PoolProgress): void {
    const state = this.#states.get(pool);
    if (state === undefined) return;
    state.progress = progress;
    if (this.#live) this.#redraw();
    else this.#plain(pool, state, progress);
  }

  /** Removes the live lines, so that the summary replaces them. */
  clear(): void {
    if (this.#drawn > 0) this.stream.write(`\x1b[${this.#drawn}A\x1b[0J`);
    this.#drawn = 0;
  }

  #plain(pool: string, state: PoolState, { elapsed }: PoolProgress): void {
    if (elapsed - state.lastPlain < this.everyMs - EARLY_MS) return;
    state.lastPlain = elapsed;
    this.stream.write(`${progressLine(stateOf(this.#nameOf(pool), state), { width: 120 })}\n`);
  }

  #redraw(): void {
    const width = (this.stream.columns ?? 100) - 1;
    const colour = useColour(this.stream, this.env);
    const lines = [...this.#states].map(([pool, state]) =>
      progressLine(stateOf(this.#nameOf(pool), state), { colour, width }),
    );
    if (this.#workers !== '') lines.push(this.#workers.slice(0, width));
    this.clear();
    this.stream.write(`${lines.join('\n')}\n`);
    this.#drawn = lines.length;
  }

  /** The name of a pool when there are several pools, otherwise empty. */
  #nameOf(pool: string): string {
    return this.#states.size > 1 ? pool : '';
  }
}

/**
 * Shows running pools: on a terminal one line per pool, drawn again in place once a second; otherwise a plain line per
 * pool every `everyMs`. The numbers are those of the last window, counted as in the summary: times and bad operations;
 * the rate of scenarios, if there are any, otherwise of operations.
 */
export function showLiveLine({
  stream,
  env = {},
  plain = false,
  everyMs = PLAIN_EVERY_MS,
}: LiveLineOptions): RunObserver {
  return (events) => {
    const lines = new Lines(stream, env, everyMs, plain);
    return events.pipe(
      tap((event) => lines.see(event)),
      finalize(() => lines.clear()),
      ignoreElements(),
    );
  };
}

/**
 * Shows the progress of each pool on stderr. Selected in a config by `live-line`.
 *
 * @example
 * run('./load.yaml', { observers: [liveLine()] }).subscribe();
 */
export const liveLine = component({
  kind: 'observer',
  name: 'live-line',
  summary: 'Shows the progress of each pool on stderr, one line per pool.',
  example: {},
  options: struct('live-line', {}),
  create: (_options, { stderr }) => showLiveLine({ stream: stderr }),
});
