import type { Observer, SchedulerLike } from 'rxjs';
import type { StopListener, StoppingOperator } from '../../operators/samples/stopWhen.js';
import type { EpochMs } from '../core/units.js';
import type { Window } from '../measure/window.js';
import type { NetSample } from '../protocols/netSample.js';
import type { NamedOperator, Pool } from './pool.js';

/** Receives the windows of a condition; `complete` is called at the end of the samples. */
export type WindowsObserver = Pick<Observer<Window>, 'next' | 'complete'>;

/** A condition among the operators of a pool's samples. */
export interface PoolCondition {
  readonly pool: string;
  /** Its position among the operators of the samples. */
  readonly position: number;
  readonly name: string;
  readonly operator: StoppingOperator<NetSample>;
}

function isStopping(operator: NamedOperator<'samples'>['operator']): operator is StoppingOperator<NetSample> {
  const { reportingTo, counting, judging } = operator as Partial<StoppingOperator<NetSample>>;
  return reportingTo !== undefined && counting !== undefined && judging !== undefined;
}

/** The conditions that may stop a pool: see `stopWhen`. */
export function conditionsOf({ id, operators = {} }: Pick<Pool, 'id' | 'operators'>): readonly PoolCondition[] {
  return (operators.samples ?? []).flatMap(({ name, operator }, position) =>
    isStopping(operator) ? [{ pool: id, position, name, operator }] : [],
  );
}

/** Options of conditions. */
export interface JudgedConditionsOptions {
  /** Receives the reason when a condition ends the samples. */
  readonly stops: StopListener | undefined;
  /** Receives the windows of the condition at a position, which are then judged elsewhere. */
  readonly conditions: ((position: number) => WindowsObserver) | undefined;
  readonly scheduler: SchedulerLike;
  /** A moment at which windows that are judged elsewhere start. */
  readonly origin: EpochMs | undefined;
}

/** The operators of the samples of a pool. Conditions among them report to the pool, or only count windows. */
export function judgedConditions(
  operators: readonly NamedOperator<'samples'>[] = [],
  { stops, conditions, scheduler, origin }: JudgedConditionsOptions,
): readonly NamedOperator<'samples'>[] {
  return operators.map(({ name, operator }, position) => {
    if (!isStopping(operator)) return { name, operator };
    if (conditions !== undefined) {
      return { name, operator: operator.counting(conditions(position), { scheduler, origin }) };
    }
    return { name, operator: stops === undefined ? operator : operator.reportingTo(stops, scheduler) };
  });
}
