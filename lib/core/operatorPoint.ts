import type { OperatorFunction } from 'rxjs';

/**
 * Where operators of one's own stand in a pool: between the schedule and the ammo, between the ammo and the instances, and
 * between the instances and the results.
 */
export type OperatorPoint = 'ticks' | 'shots' | 'samples';

/**
 * An operator and the point of a pool that it was made for. The point says what passes; it is matched by name, so the types
 * are open here.
 */
export interface PoolOperator<P extends OperatorPoint = OperatorPoint> {
  readonly at: P;
  readonly operator: OperatorFunction<never, unknown>;
}
