import { type MonoTypeOperatorFunction, map } from 'rxjs';
import { A_FUNCTION, AN_OBJECT, checkArgument } from '../../core/argument.js';
import { NET_CODE } from '../../protocols/netFailure.js';
import type { Test } from '../checks.js';
import { limitText, ResponseLimitError, withinLimits } from '../extractors/limits.js';
import { ScenarioFailure } from '../scenarioFailure.js';
import type { Session, Vars } from '../session.js';
import { callUser } from '../userFunction.js';
import type { WhenFailed } from './retry.js';
import { lastExchange } from './send.js';

const A_TEST = { ...A_FUNCTION, hint: 'such as status(200), or a function from the response to true or false' };

/**
 * Tests the last response. A check that fails is counted by its name: the sample of the request becomes net code 998,
 * with the error name `check: NAME`, or all names when several fail.
 *
 * ```text
 * flow                            --s--------|
 * check({ found: status(200) })   --s--------|     the response was 200
 * check({ found: status(200) })   --#              another status: the scenario ends, and its sample has the reason
 * ```
 *
 * - All tests run, in order. When one has failed, the scenario then ends, or continues with `otherwise: 'continue'`.
 * - Put checks right after their request. After a step that takes time, the sample of the request has been emitted,
 *   and the failure is recorded in the group or scenario instead.
 * - Without a response (after a request with `otherwise: 'continue'` that failed) every check fails.
 * - An exception of a test ends the run, with the name of the check; so does a promise.
 *
 * @throws ElpisError `ELPIS_SHOT` when no request has been sent before.
 *
 * @example
 * declare const flow: Flow;
 * flow.pipe(
 *   get('home', '/'),
 *   check({ 'is there': status(200), 'greets us': bodyHas('Welcome') }),
 *   check({ 'fast enough': time(250) }, { otherwise: 'continue' }),
 * );
 */
export function check<V extends Vars>(
  checks: Readonly<Record<string, Test<NoInfer<V>>>>,
  { otherwise = 'end' }: { readonly otherwise?: WhenFailed } = {},
): MonoTypeOperatorFunction<Session<V>> {
  checkArgument('check', 'checks', checks, AN_OBJECT);
  const named = Object.entries(checks);
  for (const [name, test] of named) checkArgument('check', JSON.stringify(name), test, A_TEST);
  return map((session) => {
    const exchange = lastExchange(session, 'check');
    const { response, ms } = exchange;
    let first: ScenarioFailure | undefined;
    for (const [name, test] of named) {
      const result =
        response !== undefined &&
        callUser(session.scope, 'check', name, () => withinLimits(() => test(response, session.vars, ms)));
      const passed = !(result instanceof ResponseLimitError) && Boolean(result);
      session.scope.measure({ kind: 'check', name, passed }, exchange);
      if (passed) continue;
      const failure = { netCode: NET_CODE.check, errorName: `check: ${name}${limitText(result)}` };
      session.scope.mark(failure, exchange);
      first ??= new ScenarioFailure(failure, session.scope.span.tag);
    }
    if (first !== undefined && otherwise === 'end') throw first;
    return session;
  });
}
