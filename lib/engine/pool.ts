import type { Observable, SchedulerLike } from 'rxjs';
import type { OverflowPolicy } from '../../operators/overflowPolicy.js';
import type { Aggregator } from '../core/aggregator.js';
import type { Armoury } from '../core/armoury.js';
import type { Plan } from '../core/plan.js';
import type { Share } from '../core/share.js';
import type { Tick } from '../core/tick.js';
import type { NetSample } from '../protocols/netSample.js';
import type { PoolOperators } from './poolOperators.js';

/** An aggregator and the name by which messages call it. */
export interface NamedAggregator {
  readonly name: string;
  readonly aggregator: Aggregator<NetSample>;
}

/** One pool, its parts made: what the engine runs. */
export interface Pool {
  readonly id: string;
  /** Makes the schedule of shots; called once, or once per instance when `rpsPerInstance`. */
  readonly rps: () => Observable<Tick>;
  /** Starts one instance at each tick. */
  readonly startup: Observable<Tick>;
  readonly provider: Observable<unknown>;
  readonly armoury: Armoury<unknown, NetSample>;
  readonly aggregators: readonly NamedAggregator[];
  /** Operators of the user's own, by the point where they stand. */
  readonly operators?: PoolOperators;
  /** Every instance follows its own copy of `rps` instead of sharing one. */
  readonly rpsPerInstance: boolean;
  /** What becomes of operations that are due while no instance is free. Default `queue`: they wait. */
  readonly overflow?: OverflowPolicy;
  /** The part of the run that is played here, for the numbers of instances. Default: the whole. */
  readonly share?: Share;
  /** The clock that waits for the moments of shots, when it is another than that of the run. */
  readonly pacer?: SchedulerLike;
  /** The mathematics behind `startup`, when it has any. */
  readonly instances?: Plan;
  /** The mathematics behind `rps`, when it has any, behind its operators: for progress and charts. */
  readonly plan?: Plan;
}
