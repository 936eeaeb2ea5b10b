import { catchError, isObservable, type MonoTypeOperatorFunction, type Observable, tap, throwError } from 'rxjs';
import { ticks } from '../../operators/ticks/ticks.js';
import type { OperatorPoint } from '../core/component.js';
import type { Cursor, Polled } from '../core/cursor.js';
import { withContext } from '../core/errorContext.js';
import { ElpisError, isElpisError } from '../core/errors.js';
import type { Plan } from '../core/plan.js';
import type { PoolPoints } from '../plugin/part.js';
import { ForwardingCursor } from '../pull/baseCursor.js';
import { PlanSchedule } from '../pull/planSchedule.js';
import { Pullable } from '../pull/pullable.js';
import type { NamedOperator } from './pool.js';

/** Adds the failed operator to an error. */
type Explain = (error: unknown) => unknown;

/** A cursor that adds the failed operator to its errors. */
class ExplainedCursor<T> extends ForwardingCursor<T> {
  constructor(
    source: Cursor<T>,
    private readonly explain: Explain,
  ) {
    super(source);
  }

  protected override draw(): Polled<T> {
    try {
      return this.source.poll();
    } catch (error) {
      throw this.explain(error);
    }
  }

  override giveBack(value: T): void {
    this.source.giveBack(value);
  }

  override release(value: T): void {
    this.source.release(value);
  }
}

function applied<T>(
  source: Observable<T>,
  operator: (source: Observable<T>) => unknown,
  name: string,
  context: string,
): Observable<T> {
  const component = { kind: 'operator', name };
  const explain = (error: unknown): unknown =>
    isElpisError(error)
      ? error
      : withContext(error, { component }, { code: 'ELPIS_OPERATOR', what: `${context} failed` });
  // An error of the source is not an error of the operator.
  let passing: { readonly error: unknown } | undefined;
  const noted = source instanceof Pullable ? source : source.pipe(tap({ error: (error) => (passing = { error }) }));
  let made: unknown;
  try {
    made = operator(noted);
  } catch (error) {
    throw explain(error);
  }
  if (!isObservable(made)) throw new ElpisError('ELPIS_OPERATOR', `${context} returned no Observable`, { component });
  // A schedule with a plan keeps it, for operators of plans; plans do not fail. Only ticks are a PlanSchedule, so T
  // is Tick then, which the compiler cannot infer.
  if (made instanceof PlanSchedule) return made as unknown as Observable<T>;
  if (made instanceof Pullable) {
    const pulled = made as Pullable<T>;
    return new Pullable<T>((scheduler) => new ExplainedCursor(pulled.open(scheduler), explain), pulled.playing);
  }
  return (made as Observable<T>).pipe(
    catchError((error: unknown) => throwError(() => (passing?.error === error ? error : explain(error)))),
  );
}

/** Further properties of a stream. */
export interface ThroughOptions<T> {
  /** True when its values exist only by demand, so that pushing would never end. */
  readonly endless?: boolean;
  /**
   * Puts it under control: at its end, or before the first operator that pushes it, because pushed ticks cannot be
   * emitted earlier.
   */
  readonly steer?: MonoTypeOperatorFunction<T> | undefined;
}

/**
 * Applies the operators of one point to a stream of a pool, in order. The result can be pulled when every operator
 * keeps it pullable. An error of an operator becomes `ELPIS_OPERATOR` with its name; an error of the source passes
 * through.
 *
 * @throws ElpisError `ELPIS_OPERATOR` when an operator throws, returns no Observable, or pushes an unlimited schedule.
 */
export function throughOperators<P extends OperatorPoint>(
  source: Observable<PoolPoints[P]>,
  point: P,
  operators: readonly NamedOperator<P>[] = [],
  { endless = false, steer }: ThroughOptions<PoolPoints[P]> = {},
): Observable<PoolPoints[P]> {
  let control = steer;
  const through = operators.reduce((stream, { name, operator }) => {
    const context = `operator "${name}" of ${point}`;
    let made = applied(stream, operator, name, context);
    if (control !== undefined && !(made instanceof Pullable)) {
      made = applied(control(stream), operator, name, context);
      control = undefined;
    }
    if (endless && stream instanceof Pullable && !(made instanceof Pullable)) {
      const message = `${context} cannot be used with an unlimited schedule, whose operations exist only by demand`;
      const hint = 'write it with mapPulled or filterPulled, which keep demand, or give the schedule a rate';
      throw new ElpisError('ELPIS_OPERATOR', message, { hint, component: { kind: 'operator', name } });
    }
    return made;
  }, source);
  return control === undefined ? through : control(through);
}

/**
 * The plan after operators of ticks. Operators of plans, such as `scaleRate`, change it; after any other operator it is undefined,
 * because the effect of that operator on the ticks is unknown.
 *
 * @throws ElpisError `ELPIS_OPERATOR` when an operator cannot be applied.
 */
export function planThrough(plan: Plan | undefined, operators: readonly NamedOperator<'ticks'>[]): Plan | undefined {
  if (plan === undefined || operators.length === 0) return plan;
  const made = throughOperators(ticks(plan), 'ticks', operators);
  return made instanceof PlanSchedule ? made.plan : undefined;
}
