import type { OverflowPolicy } from '../../operators/overflowPolicy.js';
import type { OperatorPoint } from '../core/operatorPoint.js';
import type { Chosen } from '../plugin/chosen.js';
import type { ChosenOperator } from '../plugin/chosenOperator.js';

/** A pool as configured: its components chosen and checked, not yet made. */
export interface PoolConfig {
  readonly id: string;
  readonly ammo: Chosen<'provider'>;
  readonly result: readonly Chosen<'aggregator'>[];
  readonly gun: Chosen<'gun'>;
  readonly rps: Chosen<'schedule'>;
  readonly startup: Chosen<'schedule'>;
  /** Every instance follows its own copy of `rps`. */
  readonly rpsPerInstance: boolean;
  /** Operators of the user's own, at each point in the order in which values pass them. */
  readonly operators: { readonly [P in OperatorPoint]: readonly ChosenOperator<P>[] };
  /** What becomes of operations that are due while no instance is free. */
  readonly overflow: OverflowPolicy;
  /** True when that is to discard them. */
  readonly discardOverflow: boolean;
  /** How exactly shots keep their moments: by timers, or by keeping a core busy for the last bit of every wait. */
  readonly pacing: 'relaxed' | 'precise';
}
