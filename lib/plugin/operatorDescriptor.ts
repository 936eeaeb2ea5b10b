import type { OperatorPoint } from '../core/operatorPoint.js';
import type { Descriptor } from './descriptor.js';

/** Describes an operator that a config can select, at one point of a pool. */
export interface OperatorDescriptor<P extends OperatorPoint, C> extends Descriptor<'operator', C> {
  /** Where it may stand; elsewhere a config is refused. */
  readonly at: P;
}
