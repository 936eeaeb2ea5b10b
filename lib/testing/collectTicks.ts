import type { Observable } from 'rxjs';
import { DONE, PENDING } from '../core/cursor.js';
import type { Plan } from '../core/plan.js';
import type { Tick } from '../core/tick.js';
import type { Millis } from '../core/units.js';
import { PlanCursor } from '../coreutil/planCursor.js';
import { Pullable } from '../coreutil/pullable.js';
import { VirtualClock } from '../coreutil/virtualClock.js';
import { isPlan } from '../plugin/isPlan.js';

/** What a schedule does: its ticks and its end, as offsets from its start. */
export interface CollectedTicks {
  readonly at: readonly Millis[];
  /** `null` when it did not end within the limits. */
  readonly finish: Millis | null;
  readonly error: unknown;
}

/** How far a schedule is followed. */
export interface CollectOptions {
  /** The clock that a stream of your own runs on. Schedules and plans need none. */
  readonly clock?: VirtualClock;
  /** Ticks after so many are not asked for. Default 1,000,000. */
  readonly limit?: number;
}

function pulled(source: Plan | Pullable<Tick>, clock: VirtualClock, limit: number): CollectedTicks {
  const start = clock.now();
  const cursor = isPlan(source) ? new PlanCursor(source, clock) : source.open(clock);
  const at: Millis[] = [];
  try {
    for (;;) {
      // Ticks of an unlimited part exist only because they are asked for.
      if (at.length === limit || cursor.onDemand?.() === true) return { at, finish: null, error: undefined };
      const tick = cursor.poll();
      if (tick === PENDING) {
        // It waits for its own clock.
        const before = at.length;
        cursor.whenReady(() => undefined);
        if (clock.runSome(1) === 0 && at.length === before) return { at, finish: null, error: undefined };
        continue;
      }
      if (tick === DONE) {
        const finish = cursor.finish?.();
        return { at, finish: (finish ?? clock.now()) - start, error: undefined };
      }
      at.push(tick.at - start);
    }
  } catch (error) {
    return { at, finish: null, error };
  } finally {
    cursor.close();
  }
}

function pushed(source: Observable<Tick>, clock: VirtualClock, limit: number): CollectedTicks {
  const start = clock.now();
  const at: Millis[] = [];
  const outcome: { finish: Millis | null; error: unknown } = { finish: null, error: undefined };
  const subscription = source.subscribe({
    next: (tick) => {
      at.push(tick.at - start);
    },
    error: (error: unknown) => {
      outcome.error = error;
    },
    complete: () => {
      outcome.finish = clock.now() - start;
    },
  });
  while (!subscription.closed && at.length < limit && clock.runSome(1) > 0);
  subscription.unsubscribe();
  return { at: at.slice(0, limit), ...outcome };
}

/** Follows a schedule to its end, in virtual time. */
export function collectTicks(source: Plan | Observable<Tick>, options: CollectOptions = {}): CollectedTicks {
  const { clock = new VirtualClock(1_000_000), limit = 1_000_000 } = options;
  return isPlan(source) || source instanceof Pullable
    ? pulled(source as Plan | Pullable<Tick>, clock, limit)
    : pushed(source, clock, limit);
}
