import type { Observable, OperatorFunction } from 'rxjs';
import type { Aggregator } from './aggregator.js';
import type { DataSink, DataSource } from './data.js';
import type { GunFactory } from './gun.js';
import type { Plan, Tick } from './plan.js';
import type { Provider } from './provider.js';
import type { Schedule } from './schedule.js';

/**
 * Where a pool applies operators of the user: between the schedule and the ammo, between the ammo and the instances, and between
 * the instances and the results.
 */
export type OperatorPoint = 'ticks' | 'shots' | 'samples';

/**
 * An operator and the point of a pool for which it was made. The point determines the type of the values; it is matched
 * by name, so the types are open here.
 */
export interface PoolOperator<P extends OperatorPoint = OperatorPoint> {
  readonly at: P;
  readonly operator: OperatorFunction<never, unknown>;
}

/**
 * The extension points, and the result of a component of each kind.
 * The `unknown`s are matched at run time: a gun refuses ammo that it cannot shoot.
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

/** Handles the events of a run: the `RunObserver` of the engine, which defines the events. */
export type Observer = (events: Observable<never>, handle: never) => Observable<never>;

/** Name of an extension point. */
export type ComponentKind = keyof ComponentKinds;

/** Changes ammo when it is acquired, before the wait for its moment. An ammo for which it throws is unusable. */
export type Middleware = (ammo: never) => unknown;
