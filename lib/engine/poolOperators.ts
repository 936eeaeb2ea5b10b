import type { OperatorPoint } from '../core/operatorPoint.js';
import type { PointOperator } from './poolPoints.js';

/** An operator and the name by which messages call it. */
export interface NamedOperator<P extends OperatorPoint> {
  readonly name: string;
  readonly operator: PointOperator<P>;
}

/** The operators of a pool, at each point in the order in which values pass them. */
export type PoolOperators = { readonly [P in OperatorPoint]?: readonly NamedOperator<P>[] };
