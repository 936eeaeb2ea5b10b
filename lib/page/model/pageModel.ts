import type { EpochMs, Millis, PerSecond } from '../../core/units.js';
import type { PoolProgress, RunEvent, RunFacts } from '../../engine/runEvent.js';
import type { ThresholdState } from '../../measure/runVerdict.js';
import { RunView } from '../../view/runView.js';
import type { PageEvent } from './pageEvent.js';
import { PAGE_LIMITS } from './pageLimits.js';
import { Thinned } from './thinned.js';

/** The counters of all pools at a moment. */
export interface InstancesPoint {
  readonly at: EpochMs;
  readonly pool: string;
  readonly progress: PoolProgress;
}

/** Where a pool was in its plan at a moment. */
export interface PlannedPoint {
  readonly at: EpochMs;
  /** The planned rate, as commands have changed it; `null` when it is unknown. */
  readonly perSecond: PerSecond | null;
  /** The moment of the plan. */
  readonly planMs: Millis;
}

/** The states of all thresholds at a moment. */
export interface ThresholdsPoint {
  readonly at: EpochMs;
  readonly states: readonly ThresholdState[];
}

/** Everything that a page shows: the view of the run, and what the page alone shows over time. A fold of the events of the run. */
export class PageModel {
  readonly view = new RunView(PAGE_LIMITS);
  /** What the run states about itself. */
  facts: RunFacts | undefined;
  /** Grows with every event: what is computed from the model can be kept until then. */
  version = 0;
  readonly #progress = new Map<string, Thinned<InstancesPoint>>();
  readonly #planned = new Map<string, Thinned<PlannedPoint>>();
  readonly #thresholds = new Thinned<ThresholdsPoint>(PAGE_LIMITS.slots);

  /** The counters of a pool over time. */
  progress(pool: string): readonly InstancesPoint[] {
    return this.#progress.get(pool)?.values ?? [];
  }

  /** Where a pool was in its plan, over time. */
  planned(pool: string): readonly PlannedPoint[] {
    return this.#planned.get(pool)?.values ?? [];
  }

  get thresholds(): readonly ThresholdsPoint[] {
    return this.#thresholds.values;
  }

  add(event: PageEvent): void {
    this.version++;
    if (event.type === 'total') {
      this.view.restoreTotal(event.pool, event.window);
      return;
    }
    this.view.add(event);
    if (event.type === 'run-started') this.facts = event.facts;
    if (event.type === 'progress' || event.type === 'pool-finished') this.#addProgress(event);
    if (event.type === 'thresholds') this.#thresholds.add({ at: event.at, states: event.states });
    if (event.type === 'run-finished' && event.thresholds !== undefined)
      this.#thresholds.add({ at: event.at, states: event.thresholds });
  }

  #addProgress({ at, pool, progress }: Extract<RunEvent, { type: 'progress' | 'pool-finished' }>): void {
    seriesOf(this.#progress, pool).add({ at, pool, progress });
    const view = this.view.pool(pool);
    const [perSecond, planMs] = [view?.plannedRateAt(at) ?? null, view?.position.planMsAt(at) ?? 0];
    seriesOf(this.#planned, pool).add({ at, perSecond, planMs });
  }
}

function seriesOf<T>(all: Map<string, Thinned<T>>, pool: string): Thinned<T> {
  const known = all.get(pool) ?? new Thinned<T>(PAGE_LIMITS.slots);
  all.set(pool, known);
  return known;
}
