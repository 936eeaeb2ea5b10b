import type { Observable, OperatorFunction } from 'rxjs';
import type { Aggregator } from './aggregator.js';
import type { DataSink, DataSource } from './data.js';
import type { GunFactory } from './gun.js';
import type { Plan, Tick } from './plan.js';
import type { Provider } from './provider.js';
import type { Schedule } from './schedule.js';

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

/**
 * The extension points and what a component of each kind constructs.
 * The `unknown`s are matched at run time: a gun refuses ammo that it can't shoot.
 */
export interface ComponentKinds {
  schedule: Plan | Schedule | Observable<Tick>;
  provider: Provider;
  gun: GunFactory<unknown, unknown>;
  aggregator: Aggregator<unknown>;
  source: DataSource;
  sink: DataSink;
  middleware: Middleware;
  operator: PoolOperator;
  observer: Observer;
}

/** Watches a run: the `RunObserver` of the engine, whose events are of its own. */
export type Observer = (events: Observable<never>) => Observable<never>;

/** Name of an extension point. */
export type ComponentKind = keyof ComponentKinds;

/** Changes ammo when it is acquired, before the wait for its moment. Throwing makes that ammo unusable. */
export type Middleware = (ammo: never) => unknown;
