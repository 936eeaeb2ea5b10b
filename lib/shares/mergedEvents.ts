import type { Report } from '../core/aggregator.js';
import type { EpochMs } from '../core/units.js';
import type { PoolEvent, PoolProgress, ThreadWindow } from '../engine/runEvent.js';
import { mergeWindows, type Window } from '../measure/window.js';

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

/** A window of some threads that waits for the others. */
interface WaitingWindow {
  window: Window;
  readonly parts: ThreadWindow[];
}

/** Most windows of a pool that wait for a slow thread. Beyond that the oldest is passed on, and its late part comes alone. */
const MOST_WAITING = 10;

/** Windows of all threads have the same boundaries, but for the first and the last. */
function ofSameTime(a: Window, b: Window): boolean {
  const holds = (outer: Window, inner: Window): boolean => {
    const middle = (inner.from + inner.to) / 2;
    return outer.from <= middle && middle < outer.to;
  };
  return a.from === b.from || holds(a, b) || holds(b, a);
}

interface PoolState {
  started: boolean;
  readonly progress: Map<number, PoolProgress>;
  /** Threads that have finished the pool. */
  readonly done: Set<number>;
  /** Oldest first. */
  readonly windows: WaitingWindow[];
  /** Final reports by aggregator, in the order of their coming. */
  readonly finals: Map<string, Map<number, Report>>;
}

function mergeFinals(reports: ReadonlyMap<number, Report>): Report {
  const all = [...reports].sort(([a], [b]) => a - b).map(([, report]) => report);
  const [first] = all as [Report];
  const sum = (key: 'received' | 'dropped'): number => all.reduce((total, report) => total + report[key], 0);
  return { from: first.from, received: sum('received'), dropped: sum('dropped'), final: true };
}

function windowEvent(
  { pool, at }: { readonly pool: string; readonly at: EpochMs },
  window: Window,
  parts: readonly ThreadWindow[],
): PoolEvent {
  return { type: 'window', pool, at, window, threads: parts };
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
      case 'window':
        this.#wait(state, thread, event.window);
        return this.#ready(state, event);
      case 'pool-stopped':
        return [event];
      case 'report':
        return this.#report(state, thread, event);
      case 'pool-finished':
        state.done.add(thread);
        state.progress.set(thread, event.progress);
        return [
          ...this.#ready(state, event),
          ...(state.done.size < this.threads
            ? []
            : [{ ...event, progress: mergeProgress([...state.progress.values()]) }]),
        ];
    }
  }

  /** Windows and final reports that wait for threads which have ended without a word. */
  rest(at: EpochMs): readonly PoolEvent[] {
    return [...this.#pools].flatMap(([pool, { finals, windows }]): PoolEvent[] => [
      ...windows.splice(0).map(({ window, parts }) => windowEvent({ pool, at }, window, parts)),
      ...[...finals.values()]
        .filter((reports) => reports.size < this.threads)
        .map((reports): PoolEvent => ({ type: 'report', pool, at, report: mergeFinals(reports) })),
    ]);
  }

  #wait({ windows }: PoolState, thread: number, window: Window): void {
    const part: ThreadWindow = { thread, ended: window.total.ended, lateness: window.lateness };
    const known = windows.find((waiting) => ofSameTime(waiting.window, window));
    if (known === undefined) {
      windows.push({ window, parts: [part] });
      windows.sort((a, b) => a.window.from - b.window.from);
    } else {
      known.window = mergeWindows(known.window, window);
      known.parts.push(part);
    }
  }

  /** The windows that all threads have sent, and those before them. */
  #ready({ windows, done }: PoolState, { pool, at }: PoolEvent): PoolEvent[] {
    const complete = ({ parts }: WaitingWindow): boolean => {
      const sent = new Set([...done, ...parts.map(({ thread }) => thread)]);
      return sent.size >= this.threads;
    };
    const count = Math.max(windows.findLastIndex(complete) + 1, windows.length - MOST_WAITING);
    return windows.splice(0, count).map(({ window, parts }) => windowEvent({ pool, at }, window, parts));
  }

  #stateOf(pool: string): PoolState {
    const known = this.#pools.get(pool);
    if (known !== undefined) return known;
    const fresh: PoolState = {
      started: false,
      done: new Set(),
      progress: new Map(),
      windows: [],
      finals: new Map(),
    };
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
    if (!report.final) return [event];
    const finals = state.finals.get(report.from) ?? new Map<number, Report>();
    state.finals.set(report.from, finals);
    finals.set(thread, report);
    return finals.size < this.threads ? [] : [{ ...event, report: mergeFinals(finals) }];
  }
}
