import type { Observable, SchedulerLike } from 'rxjs';
import type { OverflowPolicy } from '../../operators/firing/overflow.js';
import type { Aggregator } from '../core/aggregator.js';
import type { OperatorPoint } from '../core/component.js';
import type { Share } from '../core/deps.js';
import type { ErrorContext } from '../core/errors.js';
import type { GunFactory } from '../core/gun.js';
import type { Plan, Tick } from '../core/plan.js';
import type { Provider } from '../core/provider.js';
import type { EpochMs, Millis } from '../core/units.js';
import type { BadAmmo } from '../measure/badAmmo.js';
import type { ConnectionRecorder } from '../measure/connectionRecorder.js';
import type { ExchangeSampler } from '../measure/exchangeSampler.js';
import type { PointOperator } from '../plugin/part.js';
import type { NetSample } from '../protocols/netSample.js';

/** An operator and its name in messages. */
export interface NamedOperator<P extends OperatorPoint> {
  readonly name: string;
  readonly operator: PointOperator<P>;
}

/** The operators of a pool, at each point in the order in which values pass them. */
export type PoolOperators = { readonly [P in OperatorPoint]?: readonly NamedOperator<P>[] };

/** An aggregator and its name in messages. */
export interface NamedAggregator {
  readonly name: string;
  readonly aggregator: Aggregator<NetSample>;
}

/** The parts of a pool in errors. */
type NamedPart = 'schedule' | 'startup' | 'provider' | 'gun';

/** A part of a pool in errors; undefined when its name is unknown. */
export function componentOf({ names = {} }: Pick<Pool, 'names'>, part: NamedPart): ErrorContext['component'] {
  const name = names[part];
  return name === undefined ? undefined : { kind: part === 'startup' ? 'schedule' : part, name };
}

/** The name of a component in a message: its kind and name, or only its kind, such as `the gun`. */
export function calling(component: ErrorContext['component'], otherwise: string): string {
  return component === undefined ? otherwise : `${component.kind} "${component.name}"`;
}

/** When the first instance of a plan starts, from the start of the pool; 0 when it is unknown. */
export function firstInstanceMs(instances: Plan | undefined): Millis {
  return instances !== undefined && instances.count > 0 ? instances.atNs(0) / 1e6 : 0;
}

/** A pool of made parts, which the engine runs. */
export interface Pool {
  readonly id: string;
  /** Makes the schedule of shots; called once, or once per instance when `rpsPerInstance`. */
  readonly rps: () => Observable<Tick>;
  /** Starts one instance at each tick. */
  readonly startup: Observable<Tick>;
  readonly provider: Provider;
  /** The bad items of ammo that its providers have found so far. Default: they are not counted. */
  readonly badAmmo?: () => readonly BadAmmo[];
  /** The bad and failed exchanges of its guns that are kept as examples. Default: none are kept. */
  readonly exchanges?: ExchangeSampler | undefined;
  /** The connections of its guns. Default: they are not counted. */
  readonly connections?: ConnectionRecorder | undefined;
  /** Called with an error of closing ammo or ticks when the run can no longer emit it. */
  readonly onCloseError?: (error: unknown) => void;
  readonly gunFactory: GunFactory<unknown, NetSample>;
  /** Name of the gun, for messages. */
  readonly gun?: string;
  readonly aggregators: readonly NamedAggregator[];
  /** Operators of the user, by their point in the pool. */
  readonly operators?: PoolOperators;
  /** Every instance follows its own copy of `rps` instead of sharing one. */
  readonly rpsPerInstance: boolean;
  /** The handling of operations that are due while no instance is free. Default `queue`: they wait. */
  readonly overflow?: OverflowPolicy;
  /** The share of the run that this process plays, for the numbers of instances. Default: the whole. */
  readonly share?: Share;
  /**
   * Returns the common start of the schedule in all shares; called when the pool starts. Default: the start of the
   * pool.
   */
  readonly startAt?: () => EpochMs | undefined;
  /** Operations before this time are not shot: they belong to a share that is lost. Default: all are shot. */
  readonly from?: EpochMs;
  /**
   * How long a pool waits for ammo after the end of its plan without a shot under way, in milliseconds; then it is
   * ended. Default 30,000; `Infinity` waits forever, as Pandora does. Without effect when the end of the plan is unknown, and
   * when commands control the pool.
   */
  readonly tailMs?: Millis;
  /** Practice shots are played before the run, see `runUp`. Default false. */
  readonly runUp?: boolean;
  /** The guns of the first second open their connections before the start, see `GunFactory.openEarly`. Default false. */
  readonly openEarly?: boolean;
  /** The scheduler of the moments of shots, when it differs from that of the run. */
  readonly pacer?: SchedulerLike;
  /** The names of its parts in a config, for errors. */
  readonly names?: { readonly [P in NamedPart]?: string };
  /** The plan of `startup`, if there is one. */
  readonly instances?: Plan;
  /** The plan of `rps` after its operators, if there is one: for progress and charts. */
  readonly plan?: Plan;
}
