import type { Plan } from '../core/plan.js';
import type { EpochMs, Millis, PerSecond } from '../core/units.js';
import type { AnnouncedPool, PoolProgress, RunEvent, ThreadWindow } from '../engine/runEvent.js';
import { type BadAmmo, mergeBadAmmo } from '../measure/badAmmo.js';
import { EMPTY_HISTOGRAM, type Histogram, mergeHistograms } from '../measure/histogram.js';
import { roughWindow } from '../measure/roughWindow.js';
import { emptyWindow, type Window } from '../measure/window.js';
import { WindowSum } from '../measure/windowSum.js';
import { PlanPosition, type Stage, stagesOf } from './planPosition.js';
import { Timeline, type TimelineLimits, withoutTags } from './timeline.js';

/** One thread's part of a pool. */
export interface ThreadView {
  readonly thread: number;
  /** Operations that it ended. */
  readonly ended: number;
  readonly lateness: Histogram;
  /** Operations that it ended per second, in the last window. */
  readonly perSecond: PerSecond;
}

/** The state of a pool. `stopped`: a condition of it holds, and it is ending. */
export type PoolPhase = 'waiting' | 'running' | 'stopped' | 'finished';

const NONE = emptyWindow(0);

/** What a screen or a page shows of one pool: a fold of its events, filled by a `RunView`. */
export class PoolView {
  readonly id: string;
  readonly plan: Plan | undefined;
  /** The plan of the instances. */
  readonly instancesPlan: Plan | undefined;
  /** True when every instance follows its own copy of the plan. */
  readonly rpsPerInstance: boolean;
  /** The parts of the plan; empty without one. */
  readonly stages: readonly Stage[];
  /** How the commands move it through its plan. */
  readonly position = new PlanPosition();
  /** Windows with their tags, with rough histograms (up to 1.6 % above). The resolution is lower than that of `totals` when there are many tags. */
  readonly windows: Timeline;
  /** Rough windows without tags, groups and metrics; scenarios are one row. */
  readonly totals: Timeline;
  phase: PoolPhase = 'waiting';
  startedAt: EpochMs | undefined;
  finishedAt: EpochMs | undefined;
  progress: PoolProgress | undefined;
  /** The last window as it was emitted. */
  lastWindow: Window = NONE;
  /** The text of the condition that stopped it. */
  stopReason: string | undefined;
  badAmmo: readonly BadAmmo[] = [];
  readonly #threads = new Map<number, ThreadView>();
  #sum = new WindowSum();

  /** @param limits Of `windows`, and again of `totals`. */
  constructor({ id, plan, instances, rpsPerInstance }: AnnouncedPool, limits: TimelineLimits) {
    this.id = id;
    this.plan = plan;
    this.instancesPlan = instances;
    this.rpsPerInstance = rpsPerInstance;
    this.stages = plan === undefined ? [] : stagesOf(plan);
    this.windows = new Timeline(limits);
    this.totals = new Timeline(limits);
  }

  /** All windows, merged exactly. Computed when it is read, so read it once for each window. */
  get total(): Window {
    return this.#sum.window ?? NONE;
  }

  /** The same without rows for tags: it takes less time. */
  get untagged(): Window {
    return this.#sum.untagged ?? NONE;
  }

  /** The threads that have sent windows, by number; empty for a run in one thread. */
  get threads(): readonly ThreadView[] {
    return [...this.#threads.values()].sort((a, b) => a.thread - b.thread);
  }

  /** The planned length; `null` without a plan. */
  get plannedMs(): Millis | null {
    return this.plan === undefined ? null : this.plan.durationNs / 1e6;
  }

  /** How much of the planned time has passed, from 0 to 1; `null` without a plan. */
  doneAt(at: EpochMs): number | null {
    if (this.phase === 'finished') return 1;
    const { plannedMs } = this;
    if (plannedMs === null) return null;
    return plannedMs === 0 ? 1 : Math.min(1, this.position.planMsAt(at) / plannedMs);
  }

  /** The rate that the plan and the commands ask for now; `Infinity` while unlimited, `null` without a plan. */
  plannedRateAt(at: EpochMs): PerSecond | null {
    if (this.phase !== 'running') return this.phase === 'waiting' ? null : 0;
    const rate = this.position.rateAt(this.plan, at);
    return rate === null || !this.rpsPerInstance ? rate : rate * (this.progress?.instances ?? 1);
  }

  /** Replaces the sum of all windows so far, which were rough, by the exact one. */
  restoreTotal(window: Window): void {
    this.#sum = new WindowSum();
    this.#sum.add(window);
  }

  /** Adds an event of the pool, or a command to all pools. */
  add(event: RunEvent): void {
    if (event.type === 'window') this.#addWindow(event.window, event.threads);
    else if (event.type === 'progress') this.progress = event.progress;
    else if (event.type === 'command') this.position.command(event.command, event.at);
    else if (event.type === 'bad-ammo') this.badAmmo = mergeBadAmmo(this.badAmmo, event.kinds);
    else if (event.type === 'pool-started') {
      this.phase = 'running';
      this.startedAt = event.at;
      this.position.start(event.at);
    } else if (event.type === 'pool-stopped') {
      this.phase = 'stopped';
      this.stopReason ??= event.reason;
    } else if (event.type === 'pool-finished') {
      this.phase = 'finished';
      this.finishedAt = event.at;
      this.progress = event.progress;
    }
  }

  #addWindow(window: Window, threads: readonly ThreadWindow[] = []): void {
    const rough = roughWindow(window);
    this.windows.add(rough);
    this.totals.add(withoutTags(rough));
    this.#sum.add(window);
    this.lastWindow = window;
    for (const { thread, ended, lateness } of threads) {
      const known = this.#threads.get(thread) ?? { thread, ended: 0, lateness: EMPTY_HISTOGRAM };
      this.#threads.set(thread, {
        thread,
        ended: known.ended + ended,
        lateness: mergeHistograms(known.lateness, lateness),
        perSecond: window.to > window.from ? (ended * 1000) / (window.to - window.from) : 0,
      });
    }
    if (threads.length === 0) return;
    // A thread without a part in this window has ended, or is lost.
    const present = new Set(threads.map(({ thread }) => thread));
    for (const [thread, known] of this.#threads)
      if (!present.has(thread)) this.#threads.set(thread, { ...known, perSecond: 0 });
  }
}
