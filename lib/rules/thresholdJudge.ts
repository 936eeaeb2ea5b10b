import type { EpochMs } from '../core/units.js';
import type { ThresholdState } from '../measure/runVerdict.js';
import type { Window } from '../measure/window.js';
import type { BusyInstances } from './tally.js';
import { type Threshold, thresholdText } from './threshold.js';
import { type Step, ThresholdFold } from './thresholdFold.js';

const NO_INSTANCES: BusyInstances = { busy: 0, instances: 0 };

/**
 * Judges all thresholds of a run: a fold of the windows of its pools.
 *
 * A threshold of all pools judges their windows of one time together: when every pool that has not finished has sent
 * its window, or when one sends the next.
 */
export class ThresholdJudge {
  readonly #folds: readonly ThresholdFold[];
  readonly #open: Set<string>;
  /** The windows of this time. */
  readonly #step = new Map<string, Window>();
  readonly #instances = new Map<string, BusyInstances>();

  /** @param pools The ids of the pools of the run. */
  constructor(thresholds: readonly Threshold[], pools: readonly string[]) {
    this.#folds = thresholds.map((threshold) => new ThresholdFold(threshold));
    this.#open = new Set(pools);
  }

  /** Records the instances of a pool, for the next window. */
  instances(pool: string, instances: BusyInstances): void {
    this.#instances.set(pool, instances);
  }

  /** Adds a window of a pool. Returns true when a threshold was judged. */
  window(pool: string, window: Window): boolean {
    const own = this.#folds.filter(({ threshold }) => threshold.pool === pool);
    for (const fold of own) fold.add([this.#part(pool, window)]);
    const ended = this.#step.has(pool) && this.#judgeStep();
    this.#step.set(pool, window);
    const complete = this.#isComplete() && this.#judgeStep();
    return own.length > 0 || ended || complete;
  }

  /** Records that a pool sends no more windows. Returns true when a threshold was judged. */
  finished(pool: string): boolean {
    this.#open.delete(pool);
    return this.#isComplete() && this.#judgeStep();
  }

  /** The states so far, in the order of the thresholds. */
  get states(): readonly ThresholdState[] {
    return this.#folds.map((fold) => fold.state());
  }

  /** The states at the end of the run. */
  end(at: EpochMs): readonly ThresholdState[] {
    this.#judgeStep();
    return this.#folds.map((fold) => fold.state(at));
  }

  /** The thresholds whose tag, check or metric has not appeared, as text. */
  get unseen(): readonly string[] {
    return this.#folds.filter(({ seen }) => !seen).map(({ threshold }) => thresholdText(threshold));
  }

  #part(pool: string, window: Window): Step[number] {
    return [window, this.#instances.get(pool) ?? NO_INSTANCES];
  }

  #isComplete(): boolean {
    return this.#step.size > 0 && [...this.#open].every((pool) => this.#step.has(pool));
  }

  #judgeStep(): boolean {
    const step = [...this.#step].map(([pool, window]) => this.#part(pool, window));
    this.#step.clear();
    if (step.length === 0) return false;
    const shared = this.#folds.filter(({ threshold }) => threshold.pool === undefined);
    for (const fold of shared) fold.add(step);
    return shared.length > 0;
  }
}
