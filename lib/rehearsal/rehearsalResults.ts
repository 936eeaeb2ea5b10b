import { type Observable, Subscription } from 'rxjs';
import { defined } from '../core/defined.js';
import type { EpochMs } from '../core/units.js';
import type { Pool } from '../engine/pool.js';
import type { PoolEvent, RunEvent } from '../engine/runEvent.js';
import { Summaries } from '../engine/summaries.js';
import type { CapacityState } from '../measure/capacityState.js';
import { mergeWindows } from '../measure/window.js';
import type { RehearsedOutcome } from './rehearsal.js';

/** 2000-01-01T00:00:00Z: the start of virtual runs, so that results do not depend on the date. */
export const START_AT: EpochMs = 946_684_800_000;

function isPoolEvent(event: RunEvent): event is PoolEvent {
  return 'pool' in event && event.type !== 'command' && event.type !== 'annotation';
}

function outcomeOf({
  verdict,
  ending,
  thresholds,
}: Extract<RunEvent, { type: 'run-finished' }>): RehearsedOutcome | undefined {
  if (verdict === undefined || ending === undefined) return undefined;
  return { verdict, ending, startedAt: START_AT, ...defined({ thresholds }) };
}

/** The most windows of one pool that are kept. */
export const MAX_KEPT_WINDOWS = 256;

/**
 * The events of a rehearsal in bounded memory. When there are too many windows of a pool, each two neighbours become one: nothing
 * is lost, and windows of long rehearsals span 2, 4, 8 and so on of the original length. A merged window has the place and the time of its
 * second part.
 */
export class KeptEvents {
  #events: PoolEvent[] = [];
  readonly #windows = new Map<string, number>();

  /** In the order in which they were added. */
  get all(): readonly PoolEvent[] {
    return this.#events;
  }

  add(event: PoolEvent): void {
    this.#events.push(event);
    if (event.type !== 'window') return;
    const count = (this.#windows.get(event.pool) ?? 0) + 1;
    this.#windows.set(event.pool, count);
    if (count > MAX_KEPT_WINDOWS) this.#halve(event.pool);
  }

  #halve(pool: string): void {
    let first: (PoolEvent & { readonly type: 'window' }) | undefined;
    const kept: PoolEvent[] = [];
    let count = 0;
    for (const event of this.#events) {
      if (event.type !== 'window' || event.pool !== pool) kept.push(event);
      else if (first === undefined) first = event;
      else {
        kept.push({ ...event, window: mergeWindows(first.window, event.window) });
        first = undefined;
        count++;
      }
    }
    if (first !== undefined) {
      kept.push(first);
      count++;
    }
    this.#events = kept;
    this.#windows.set(pool, count);
  }
}

/** The results of a rehearsal, from its events. */
export class RehearsalResults {
  readonly events = new KeptEvents();
  readonly summaries: Summaries;
  outcome: RehearsedOutcome | undefined;
  capacity: CapacityState | undefined;
  error: unknown;
  /** True after the last event. */
  over = false;
  #subscription = Subscription.EMPTY;

  constructor(
    pools: readonly Pool[],
    private readonly onEvent: ((event: PoolEvent) => void) | undefined,
  ) {
    this.summaries = new Summaries(pools);
  }

  /** Subscribes to the events of the run. */
  collect(run: Observable<RunEvent>): void {
    this.#subscription = run.subscribe({
      next: (event) => this.#add(event),
      error: (error: unknown) => {
        this.over = true;
        this.error = error;
      },
      complete: () => {
        this.over = true;
      },
    });
  }

  /** Stops the run because of an error. */
  stop(error: unknown): void {
    this.#subscription.unsubscribe();
    this.error ??= error;
  }

  #add(event: RunEvent): void {
    if (event.type === 'capacity') this.capacity = event.state;
    if (event.type === 'run-finished') this.outcome = outcomeOf(event);
    if (!isPoolEvent(event)) return;
    this.events.add(event);
    this.summaries.add(event);
    this.onEvent?.(event);
  }
}
