import { mergeSummaries } from '../aggregators/summary/mergeSummaries.js';
import { isSummaryProgress, type SummaryProgress, type WindowTimes } from '../aggregators/summary/summaryProgress.js';
import { isSummarySnapshot, type SummarySnapshot } from '../aggregators/summary/summarySnapshot.js';
import type { Report } from '../core/aggregator.js';
import type { PoolEvent, PoolProgress } from '../engine/runPool.js';

/** The progress of a pool that several threads share: counts add up, the longest time counts. */
function mergeProgress(shares: readonly PoolProgress[]): PoolProgress {
  const sum = (key: keyof PoolProgress): number => shares.reduce((total, share) => total + share[key], 0);
  return {
    elapsed: Math.max(...shares.map(({ elapsed }) => elapsed)),
    requests: sum('requests'),
    responses: sum('responses'),
    inFlight: sum('inFlight'),
    instances: sum('instances'),
    instancesStarted: sum('instancesStarted'),
    instancesGrown: sum('instancesGrown'),
    discarded: sum('discarded'),
    unfinished: sum('unfinished'),
    withoutSample: sum('withoutSample'),
  };
}

function worst(times: readonly WindowTimes[]): WindowTimes {
  const most = (key: keyof WindowTimes): number => Math.max(...times.map((time) => time[key]));
  return { p50: most('p50'), p99: most('p99'), max: most('max') };
}

/**
 * The last window of several threads as one, for the live display. Counts add up; percentiles can not, so the worst thread's
 * are shown. (The summary at the end merges histograms, exactly.)
 */
function mergeWindows(windows: readonly SummaryProgress[]): SummaryProgress {
  const [first] = windows as [SummaryProgress];
  const sum = (key: 'shots' | 'failed' | 'badStatus' | 'discarded' | 'unfinished' | 'bytesOut' | 'bytesIn'): number =>
    windows.reduce((total, window) => total + window[key], 0);
  return {
    kind: 'progress',
    pool: first.pool,
    at: Math.max(...windows.map(({ at }) => at)),
    windowMs: Math.max(...windows.map(({ windowMs }) => windowMs)),
    shots: sum('shots'),
    failed: sum('failed'),
    badStatus: sum('badStatus'),
    discarded: sum('discarded'),
    unfinished: sum('unfinished'),
    bytesOut: sum('bytesOut'),
    bytesIn: sum('bytesIn'),
    responseTimeMs: worst(windows.map(({ responseTimeMs }) => responseTimeMs)),
    serviceTimeMs: worst(windows.map(({ serviceTimeMs }) => serviceTimeMs)),
  };
}

interface PoolState {
  started: boolean;
  finished: number;
  readonly progress: Map<number, PoolProgress>;
  windows: SummaryProgress[];
  /** Final reports by aggregator, in the order of their coming. */
  readonly finals: Map<string, Map<number, Report>>;
}

function mergeFinals(pool: string, reports: ReadonlyMap<number, Report>): Report {
  const all = [...reports].sort(([a], [b]) => a - b).map(([, report]) => report);
  const [first] = all as [Report];
  const sum = (key: 'received' | 'dropped'): number => all.reduce((total, report) => total + report[key], 0);
  const merged = { from: first.from, received: sum('received'), dropped: sum('dropped'), final: true };
  const snapshots = all.map(({ detail }) => detail).filter(isSummarySnapshot);
  return snapshots.length === 0 ? merged : { ...merged, detail: mergeShares(pool, snapshots) };
}

/** One summary of the shares of a pool; every share plans the whole run. */
function mergeShares(pool: string, snapshots: readonly SummarySnapshot[]): SummarySnapshot {
  const threads = snapshots.map(({ total, latenessMs }) => ({
    shots: total.shots,
    latenessP50Ms: latenessMs.p50,
    latenessP99Ms: latenessMs.p99,
  }));
  return { ...mergeSummaries(snapshots, pool), planned: snapshots[0]?.planned ?? null, threads };
}

/** Makes of the events of several threads the events of one run. */
export class MergedEvents {
  readonly #pools = new Map<string, PoolState>();

  constructor(private readonly threads: number) {}

  /** What the run says when a thread has said this: often nothing yet. */
  add(thread: number, event: PoolEvent): readonly PoolEvent[] {
    const state = this.#stateOf(event.pool);
    switch (event.type) {
      case 'pool-started': {
        const first = !state.started;
        state.started = true;
        return first ? [event] : [];
      }
      case 'progress':
        return this.#progress(state, thread, event);
      case 'report':
        return this.#report(state, thread, event);
      case 'pool-finished':
        state.finished++;
        state.progress.set(thread, event.progress);
        return state.finished < this.threads
          ? []
          : [{ ...event, progress: mergeProgress([...state.progress.values()]) }];
    }
  }

  /** Final reports that wait for threads which will not speak any more. */
  rest(): readonly PoolEvent[] {
    return [...this.#pools].flatMap(([pool, { finals }]) =>
      [...finals.values()]
        .filter((reports) => reports.size < this.threads)
        .map((reports): PoolEvent => ({ type: 'report', pool, at: 0, report: mergeFinals(pool, reports) })),
    );
  }

  #stateOf(pool: string): PoolState {
    const known = this.#pools.get(pool);
    if (known !== undefined) return known;
    const fresh: PoolState = { started: false, finished: 0, progress: new Map(), windows: [], finals: new Map() };
    this.#pools.set(pool, fresh);
    return fresh;
  }

  /** All threads tell their progress at nearly the same time; the one that told it first last time speaks for all. */
  #progress(state: PoolState, thread: number, event: PoolEvent & { type: 'progress' }): readonly PoolEvent[] {
    state.progress.set(thread, event.progress);
    const [speaker] = state.progress.keys();
    return thread === speaker ? [{ ...event, progress: mergeProgress([...state.progress.values()]) }] : [];
  }

  #report(state: PoolState, thread: number, event: PoolEvent & { type: 'report' }): readonly PoolEvent[] {
    const { report } = event;
    if (isSummaryProgress(report.detail)) {
      state.windows.push(report.detail);
      if (state.windows.length < this.threads - state.finished) return [];
      const detail = mergeWindows(state.windows);
      state.windows = [];
      return [{ ...event, report: { ...report, detail } }];
    }
    if (!report.final) return [event];
    const finals = state.finals.get(report.from) ?? new Map<number, Report>();
    state.finals.set(report.from, finals);
    finals.set(thread, report);
    return finals.size < this.threads ? [] : [{ ...event, report: mergeFinals(event.pool, finals) }];
  }
}
