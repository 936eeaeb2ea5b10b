import { defined } from '../core/defined.js';
import { ElpisError } from '../core/errors.js';
import type { Plan } from '../core/plan.js';
import type { Millis, Nanos } from '../core/units.js';

/** How many of `count` operations have an offset below `offsetNs`: the inverse of a non-decreasing `atNs`, by bisection. */
export function countBefore(count: number, atNs: (index: number) => Nanos, offsetNs: Nanos): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = low + Math.floor((high - low) / 2);
    if (atNs(middle) < offsetNs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The time that belongs to the last operation: up to the end of the plan, but not longer than the gap before it. */
function lastGapNs(plan: Plan, atNs: Nanos): Nanos {
  const rest = Math.max(0, plan.durationNs - atNs);
  return plan.count > 1 ? Math.min(rest, atNs - plan.atNs(plan.count - 2)) : rest;
}

/**
 * The moment by which `index` operations of a finite plan are due, also for a fraction of an operation, with
 * `0 <= index < count`: by the formula of the plan if it has one, otherwise interpolated between its operations.
 *
 * @example
 * fractionalAtNs(constPlan({ ops: 2, duration: 1e9 }), 0.5); // 250_000_000
 */
export function fractionalAtNs(plan: Plan, index: number): Nanos {
  if (plan.fractional === true || Number.isInteger(index)) return plan.atNs(index);
  const whole = Math.floor(index);
  const atNs = plan.atNs(whole);
  const gapNs = whole + 1 < plan.count ? plan.atNs(whole + 1) - atNs : lastGapNs(plan, atNs);
  return Math.trunc(atNs + (index - whole) * gapNs);
}

/** The error for an invalid value of a plan: `ELPIS_CONFIG` with the place, the value and the expectation. */
export function planError(place: string, value: unknown, expected: string, hint?: string): ElpisError {
  const shown = typeof value === 'string' ? JSON.stringify(value) : String(value);
  const options = defined({ hint });
  return new ElpisError('ELPIS_CONFIG', `${place}: ${shown} is not usable; expected ${expected}`, options);
}

/**
 * A finite number of at least `least`, checked.
 *
 * @param place The name of the number in messages, such as `stretch factor`.
 * @throws ElpisError `ELPIS_CONFIG`.
 */
export function numberFrom(least: number, place: string, value: number, unit = ''): number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= least) return value;
  throw planError(place, value, `a number of at least ${least}${unit}`);
}

/**
 * A number of operations, checked: above 2^53 − 1 floats do not have every whole number, so operations could not be
 * numbered.
 *
 * @param place The owner of the operations in messages, such as `const schedule`.
 * @throws ElpisError `ELPIS_CONFIG`.
 */
export function countable(place: string, count: number): number {
  if (count <= Number.MAX_SAFE_INTEGER) return count;
  const message = `${place}: ${count} operations cannot be numbered; expected at most ${Number.MAX_SAFE_INTEGER}`;
  throw new ElpisError('ELPIS_CONFIG', message, { hint: 'lower the rate, the duration or the number of times' });
}

/** 292 years, the longest duration in a config. */
const MAX_DURATION_NS: Nanos = 2 ** 63;

/**
 * The length of a plan, checked.
 *
 * @param place The owner of the length in messages, such as `stretch`.
 * @throws ElpisError `ELPIS_CONFIG` above 292 years.
 */
export function lasting(place: string, durationNs: Nanos): Nanos {
  if (durationNs <= MAX_DURATION_NS) return durationNs;
  throw planError(place, `${durationNs / 1e9} s`, 'a length of at most 292 years');
}

/** The number of whole operations in an amount: rounded down, but tolerant of rounding errors. */
export function wholeCount(amount: number): number {
  const nearest = Math.round(amount);
  return Math.abs(nearest - amount) <= 1e-9 * Math.max(1, Math.abs(amount)) ? nearest : Math.trunc(amount);
}

/**
 * Returns the plan when all its operations have planned times.
 *
 * @param verb The operation that needs them, such as `scaleRate`.
 * @throws ElpisError `ELPIS_CONFIG` when a part is unlimited.
 */
export function countedPlan(verb: string, plan: Plan): Plan {
  if (Number.isFinite(plan.count)) return plan;
  throw new ElpisError(
    'ELPIS_CONFIG',
    `${verb}: an unlimited schedule has no planned times; expected a schedule with a known count`,
    { hint: `apply ${verb} to the other parts alone, and join them with the unlimited one by concatTicks` },
  );
}

/** Milliseconds as the whole nanoseconds that plans count. */
export function nanosOf(ms: Millis): Nanos {
  return Math.round(ms * 1e6);
}

/** The number of operations of a plan, as text: `5,000 operations`. */
export function operationsText({ count }: Plan): string {
  if (!Number.isFinite(count)) return 'as many operations as the instances can shoot';
  return `${count.toLocaleString('en-US')} ${count === 1 ? 'operation' : 'operations'}`;
}
