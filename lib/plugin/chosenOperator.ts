import type { OperatorPoint } from '../core/operatorPoint.js';
import type { Chosen } from './chosen.js';

/** An operator chosen and configured, not yet created, and the point of a pool that it is made for. */
export interface ChosenOperator<P extends OperatorPoint = OperatorPoint> extends Chosen<'operator'> {
  readonly at: P;
}
