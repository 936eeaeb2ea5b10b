import type { Report } from '../core/aggregator.js';
import type { EpochMs } from '../core/units.js';
import type { PoolEvent, PoolProgress } from '../engine/runEvent.js';
import { type MergedWindow, MergedWindows } from './mergedWindows.js';

/** The progress of a pool that several threads share: the sum of the counts and the longest time. */
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
    emptyShots: sum('emptyShots'),
  };
}

interface PoolState {
  started: boolean;
  readonly progress: Map<number, PoolProgress>;
  /** Threads that have finished the pool. */
  readonly done: Set<number>;
  readonly windows: MergedWindows;
  /** Final reports by aggregator, in the order of their arrival. */
  readonly finals: Map<string, Map<number, Report>>;
}

function mergeFinals(reports: ReadonlyMap<number, Report>): Report {
  const all = [...reports].sort(([a], [b]) => a - b).map(([, report]) => report);
  const [first] = all as [Report];
  const sum = (key: 'received' | 'dropped'): number => all.reduce((total, report) => total + report[key], 0);
  return { from: first.from, received: sum('received'), dropped: sum('dropped'), final: true };
}

function windowEvents(
  { pool, at }: { readonly pool: string; readonly at: EpochMs },
  merged: readonly MergedWindow[],
): PoolEvent[] {
  return merged.map(({ window, parts }) => ({ type: 'window', pool, at, window, threads: parts }));
}

/** Turns the events of several threads into the events of one run. */
export class MergedEvents {
  readonly #pools = new Map<string, PoolState>();

  constructor(private readonly threads: number) {}

  /** The events of the run that follow from an event of a thread; often none yet. */
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
      case 'window':
        return windowEvents(event, state.windows.add(thread, event.window));
      case 'pool-stopped':
      case 'bad-ammo':
      case 'exchange':
        return [event];
      case 'report':
        return this.#report(state, thread, event);
      case 'pool-finished':
        state.done.add(thread);
        state.progress.set(thread, event.progress);
        return [
          ...windowEvents(event, state.windows.end(thread)),
          ...(state.done.size < this.threads
            ? []
            : [{ ...event, progress: mergeProgress([...state.progress.values()]) }]),
        ];
    }
  }

  /** Windows and final reports that waited for threads that ended without sending theirs. */
  rest(at: EpochMs): readonly PoolEvent[] {
    return [...this.#pools].flatMap(([pool, { finals, windows }]): PoolEvent[] => [
      ...windowEvents({ pool, at }, windows.rest()),
      ...[...finals.values()]
        .filter((reports) => reports.size < this.threads)
        .map((reports): PoolEvent => ({ type: 'report', pool, at, report: mergeFinals(reports) })),
    ]);
  }

  #stateOf(pool: string): PoolState {
    const known = this.#pools.get(pool);
    if (known !== undefined) return known;
    const fresh: PoolState = {
      started: false,
      done: new Set(),
      progress: new Map(),
      windows: new MergedWindows(this.threads),
      finals: new Map(),
    };
    this.#pools.set(pool, fresh);
    return fresh;
  }

  /** All threads send their progress at nearly the same time: the progress of all is emitted with that of the first thread. */
  #progress(state: PoolState, thread: number, event: PoolEvent & { type: 'progress' }): readonly PoolEvent[] {
    state.progress.set(thread, event.progress);
    const [reporter] = state.progress.keys();
    return thread === reporter ? [{ ...event, progress: mergeProgress([...state.progress.values()]) }] : [];
  }

  #report(state: PoolState, thread: number, event: PoolEvent & { type: 'report' }): readonly PoolEvent[] {
    const { report } = event;
    if (!report.final) return [event];
    const finals = state.finals.get(report.from) ?? new Map<number, Report>();
    state.finals.set(report.from, finals);
    finals.set(thread, report);
    return finals.size < this.threads ? [] : [{ ...event, report: mergeFinals(finals) }];
  }
}
