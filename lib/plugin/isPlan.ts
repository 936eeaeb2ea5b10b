import type { Plan } from '../core/plan.js';

/** True for a {@link Plan}, which a schedule component may make instead of a stream of ticks. */
export function isPlan(value: unknown): value is Plan {
  return typeof value === 'object' && value !== null && typeof (value as Partial<Plan>).atNs === 'function';
}
