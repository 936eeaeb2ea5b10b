import type { Observable } from 'rxjs';
import type { Aggregator } from './aggregator.js';
import type { Armoury } from './armoury.js';
import type { DataSink, DataSource } from './data.js';
import type { PoolOperator } from './operatorPoint.js';
import type { Plan } from './plan.js';
import type { Tick } from './tick.js';

/**
 * The extension points and what a component of each kind constructs.
 * The `unknown`s are matched at run time: a gun refuses ammo that it can't shoot.
 */
export interface ComponentKinds {
  schedule: Plan | Observable<Tick>;
  provider: Observable<unknown>;
  gun: Armoury<unknown, unknown>;
  aggregator: Aggregator<unknown>;
  source: DataSource;
  sink: DataSink;
  middleware: Middleware;
  operator: PoolOperator;
}

/** Name of an extension point. */
export type ComponentKind = keyof ComponentKinds;

/** Changes ammo when it is acquired, before the wait for its moment. Throwing makes that ammo unusable. */
export type Middleware = (ammo: never) => unknown;
