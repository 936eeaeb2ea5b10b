import { withContext } from '../core/errorContext.js';
import type { StepScope } from './context.js';
import { ScenarioFailure } from './scenarioFailure.js';

const ignore = (): void => undefined;

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' && value !== null && typeof (value as Partial<PromiseLike<unknown>>).then === 'function'
  );
}

const placeOf = ({ span }: StepScope, kind: string, name: string): string =>
  `${span.tag}: ${name === '' ? kind : `${kind} "${name}"`}`;

/**
 * Wraps an error of a step in an error of the run that names the step. A failure of the scenario and an ElpisError
 * are returned unchanged.
 */
export function stepError(error: unknown, scope: StepScope, kind: string, name: string): unknown {
  if (error instanceof ScenarioFailure) return error;
  return withContext(error, {}, { code: 'ELPIS_SHOT', what: `${placeOf(scope, kind, name)} failed` });
}

/**
 * Refuses a promise, because the step would continue without its value. Its rejection is ignored, since the run ends anyway.
 *
 * @param what The name of the function that returned it.
 */
export function refusePromise(value: unknown, what: string): void {
  if (!isPromise(value)) return;
  value.then(ignore, ignore);
  throw new TypeError(
    `${what} returned a promise, expected a value; wait for the promise in its own step, such as concatMap`,
  );
}

/**
 * Calls a function of the user in a step: a check, an extractor, a condition. An exception, or a promise that it
 * returns, becomes an error of the run that names the step.
 *
 * @param kind The kind of the step, such as `check`.
 * @param name Its name; empty when it has none.
 */
export function callUser<T>(scope: StepScope, kind: string, name: string, call: () => T): T {
  try {
    const value = call();
    refusePromise(value, 'it');
    return value;
  } catch (error) {
    throw stepError(error, scope, kind, name);
  }
}
