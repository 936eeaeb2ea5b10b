import { map, type OperatorFunction } from 'rxjs';
import { A_FUNCTION, AN_OBJECT, checkArgument } from '../../core/argument.js';
import { NET_CODE } from '../../protocols/netFailure.js';
import type { Extracted, Extractor } from '../extractors/extractor.js';
import { limitText, ResponseLimitError, withinLimits } from '../extractors/limits.js';
import { ScenarioFailure } from '../scenarioFailure.js';
import type { Session, Vars } from '../session.js';
import { callUser } from '../userFunction.js';
import { lastExchange } from './send.js';

const AN_EXTRACTOR = { ...A_FUNCTION, hint: "such as jsonPath('$.id'), or a function from the response to a value" };

/**
 * Copies values of the last response into variables. A missing value is the failed check `extract: VARIABLE` and ends
 * the scenario; `orElse` gives a default.
 *
 * ```text
 * flow                                        --s--|     { user }
 * extract({ token: jsonPath('$.token') })     --s--|     { user, token }
 * extract({ token: jsonPath('$.none') })      --#        the scenario ends, and the samples have the reason
 * ```
 *
 * - Put it right after the request, so that a failure is counted with that request; see {@link check}.
 * - An exception of an extractor ends the run, with the name of the variable; so does a promise.
 *
 * @throws ElpisError `ELPIS_SHOT` when no request has been sent before.
 *
 * @example
 * declare const flow: Flow;
 * flow.pipe(
 *   get('login page', '/login'),
 *   extract({ csrf: css('input[name=csrf]', 'value') }),
 *   post('login', '/login', { form: ({ csrf }) => ({ csrf }) }),
 * );
 */
export function extract<V extends Vars, X extends Readonly<Record<string, Extractor<unknown>>>>(
  variables: X,
): OperatorFunction<Session<V>, Session<V & Extracted<X>>> {
  checkArgument('extract', 'variables', variables, AN_OBJECT);
  const named = Object.entries(variables);
  for (const [name, extractor] of named) checkArgument('extract', JSON.stringify(name), extractor, AN_EXTRACTOR);
  return map((session) => {
    const exchange = lastExchange(session, 'extract');
    const { response } = exchange;
    const found: Record<string, unknown> = {};
    let first: ScenarioFailure | undefined;
    for (const [name, extractor] of named) {
      const value =
        response === undefined
          ? undefined
          : callUser(session.scope, 'extract', name, () => withinLimits(() => extractor(response, session)));
      if (value !== undefined && !(value instanceof ResponseLimitError)) {
        found[name] = value;
        continue;
      }
      const failure = { netCode: NET_CODE.check, errorName: `extract: ${name}${limitText(value)}` };
      session.scope.mark(failure, exchange);
      first ??= new ScenarioFailure(failure, session.scope.span.tag);
    }
    if (first !== undefined) throw first;
    return session.with(found as Extracted<X>);
  });
}
