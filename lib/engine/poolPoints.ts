import type { MonoTypeOperatorFunction } from 'rxjs';
import type { OperatorPoint } from '../core/operatorPoint.js';
import type { Shot } from '../core/shot.js';
import type { Tick } from '../core/tick.js';
import type { NetSample } from '../protocols/netSample.js';

/** What passes at each point of a pool. */
export interface PoolPoints extends Record<OperatorPoint, unknown> {
  /** From the schedule to the ammo. */
  readonly ticks: Tick;
  /** From the ammo to the instances. */
  readonly shots: Shot<unknown>;
  /** From the instances to the results. */
  readonly samples: NetSample;
}

/** An operator that fits a point of a pool. */
export type PointOperator<P extends OperatorPoint> = MonoTypeOperatorFunction<PoolPoints[P]>;
