import { take } from 'rxjs';
import { describeError } from '../core/errorContext.js';
import type { Plan } from '../core/plan.js';
import { timesPlan } from '../plans/timesPlan.js';
import { PlanSchedule } from '../pull/planSchedule.js';
import type { VirtualClock } from '../time/virtualClock.js';
import type { Pool } from './pool.js';
import { throughOperators } from './throughOperators.js';

/** The plan of a pool after its operators of ticks; or the reason that it is unknown. */
export type PlayedPlan = { readonly plan: Plan } | { readonly unknown: string };

/** Longer plans are not played: it would take more than a second. */
const MAX_TICKS = 500_000;

/** The most timers that operators start per operation, on average. */
const WORK_PER_TICK = 4;

/**
 * Finds the plan of a pool. Operators of plans, such as `scaleRate`, change it. After any other operator the ticks
 * are played once, in virtual time, and counted; so an operator with random numbers shows one of its possible
 * results.
 *
 * @param pool Assembled with `clock` as its scheduler, so that operators wait in virtual time.
 */
export function playPlan(pool: Pick<Pool, 'rps' | 'plan' | 'operators'>, clock: VirtualClock): PlayedPlan {
  if (pool.plan !== undefined) return { plan: pool.plan };
  const source = pool.rps();
  const operators = pool.operators?.ticks ?? [];
  if (!(source instanceof PlanSchedule)) return { unknown: 'the schedule is a stream without a plan' };
  const { count } = source.plan;
  const names = operators.map(({ name }) => `"${name}"`).join(', ');
  if (!Number.isFinite(count)) return { unknown: `the schedule is unlimited, and operators (${names}) change it` };
  if (count > MAX_TICKS)
    return { unknown: `operators (${names}) change it, and only ${MAX_TICKS} operations are played to count them` };
  const start = clock.now();
  const timesNs: number[] = [];
  let end: { readonly atNs: number; readonly error?: unknown } | undefined;
  const nanos = (at: number): number => Math.round((at - start) * 1e6);
  const ticks = throughOperators(source, 'ticks', operators).pipe(take(MAX_TICKS + 1));
  const subscription = ticks.subscribe({
    next: ({ at }) => timesNs.push(nanos(at)),
    error: (error: unknown) => {
      end = { atNs: 0, error };
    },
    complete: () => {
      end = { atNs: nanos(clock.now()) };
    },
  });
  clock.runSome(WORK_PER_TICK * MAX_TICKS, () => end === undefined);
  subscription.unsubscribe();
  if (end === undefined)
    return { unknown: `operators (${names}) do not end in virtual time: one waits for real time or a promise` };
  if ('error' in end) return { unknown: describeError(end.error) };
  if (timesNs.length > MAX_TICKS) return { unknown: `operators (${names}) make more than ${MAX_TICKS} operations` };
  try {
    return { plan: timesPlan(timesNs, Math.max(end.atNs, timesNs.at(-1) ?? 0)) };
  } catch (error) {
    return { unknown: `operators (${names}) make times that are not in order: ${describeError(error)}` };
  }
}
