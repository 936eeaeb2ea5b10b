import { isSummaryProgress, type SummaryProgress } from '../aggregators/summary/summaryProgress.js';
import type { Plan } from '../core/plan.js';
import type { Millis } from '../core/units.js';
import type { PoolEvent, PoolProgress } from '../engine/runPool.js';
import { type ProgressState, progressLine } from '../report/progressLine.js';
import type { AnnouncedPool } from '../run/runConfig.js';
import { type Io, useColour } from './terminal.js';

/** Without a terminal, the time between two lines of a pool. */
const PLAIN_EVERY_MS: Millis = 5000;

interface PoolState {
  readonly plan: Plan | undefined;
  readonly perInstance: boolean;
  progress?: PoolProgress;
  window?: SummaryProgress;
  bad: number;
  lastPlain: Millis;
}

/**
 * Shows running pools on stderr: on a terminal one line per pool, redrawn in place; otherwise a plain line per pool from
 * time to time. It only reads events, and never delays the run.
 */
export class LiveProgress {
  readonly #states = new Map<string, PoolState>();
  readonly #io: Io;
  readonly #live: boolean;
  #drawn = 0;

  constructor(pools: readonly AnnouncedPool[], io: Io) {
    this.#io = io;
    this.#live = io.stderr.isTTY === true && io.env.TERM !== 'dumb';
    for (const { id, plan, rpsPerInstance } of pools) {
      this.#states.set(id, { plan, perInstance: rpsPerInstance, bad: 0, lastPlain: 0 });
    }
  }

  show(event: PoolEvent): void {
    const state = this.#states.get(event.pool);
    if (state === undefined) return;
    if (event.type === 'report' && isSummaryProgress(event.report.detail)) {
      const window = event.report.detail;
      state.window = window;
      state.bad += window.failed + window.badStatus;
    } else if (event.type === 'progress') {
      state.progress = event.progress;
      if (this.#live) this.#redraw();
      else this.#plain(event.pool, state, event.progress);
    }
  }

  /** Removes the live lines, so that the summary replaces them. */
  clear(): void {
    if (this.#drawn > 0) this.#io.stderr.write(`\x1b[${this.#drawn}A\x1b[0J`);
    this.#drawn = 0;
  }

  #plain(pool: string, state: PoolState, { elapsed }: PoolProgress): void {
    if (elapsed - state.lastPlain < PLAIN_EVERY_MS - 100) return;
    state.lastPlain = elapsed;
    this.#io.stderr.write(`${progressLine(this.#stateOf(pool, state), { width: 120 })}\n`);
  }

  #redraw(): void {
    const width = (this.#io.stderr.columns ?? 100) - 1;
    const colour = useColour(this.#io.stderr, this.#io.env);
    const lines = [...this.#states].map(([pool, state]) => progressLine(this.#stateOf(pool, state), { colour, width }));
    this.clear();
    this.#io.stderr.write(`${lines.join('\n')}\n`);
    this.#drawn = lines.length;
  }

  #stateOf(pool: string, { plan, perInstance, progress, window, bad }: PoolState): ProgressState {
    const elapsed = progress?.elapsed ?? 0;
    const copies = perInstance ? (progress?.instances ?? 1) : 1;
    const shots = window?.shots ?? 0;
    const over = plan !== undefined && elapsed * 1e6 >= plan.durationNs;
    return {
      pool: this.#states.size > 1 ? pool : '',
      elapsedMs: elapsed,
      totalMs: plan === undefined ? null : plan.durationNs / 1e6,
      plannedPerSecond: plan === undefined || over ? null : plan.rateAt(elapsed * 1e6) * copies,
      achievedPerSecond: window === undefined ? null : (shots * 1000) / window.windowMs,
      inFlight: progress?.inFlight ?? 0,
      bad,
      p50Ms: shots > 0 && window !== undefined ? window.responseTimeMs.p50 : null,
      p99Ms: shots > 0 && window !== undefined ? window.responseTimeMs.p99 : null,
    };
  }
}
