import type { Millis } from '../../core/units.js';
import type { TransportResponse } from '../../protocols/transport.js';
import { callWithin, DeadlineError } from '../../time/deadline.js';
import { safeLength } from '../../time/safeExpression.js';

/**
 * The longest time of one query of a response. The target determines the content of a response, so a query must not
 * block the run.
 */
export const QUERY_MS: Millis = 500;

/** A response that is too large, too deep or too slow to query. It is a failed sample, not an error of the run. */
export class ResponseLimitError extends Error {
  override readonly name = 'ResponseLimitError';
}

/**
 * The responses of which a query was stopped. Further queries of them are not tried, so that a response costs the
 * limit once.
 */
const queriesOf = (): { stopped: boolean } => ({ stopped: false });

/**
 * Queries a response within the time of {@link QUERY_MS}.
 *
 * @param query MUST change only state of the response.
 * @throws ResponseLimitError when it takes longer.
 */
export function queryWithin<T>(response: TransportResponse, query: () => T): T {
  const tooSlow = `took over ${QUERY_MS} ms`;
  const queries = response.parsed(queriesOf);
  if (queries.stopped) throw new ResponseLimitError(tooSlow);
  try {
    return callWithin(QUERY_MS, query);
  } catch (error) {
    if (!(error instanceof DeadlineError)) throw error;
    queries.stopped = true;
    throw new ResponseLimitError(tooSlow);
  }
}

/**
 * Calls a function that queries a response. Returns the error, instead of throwing it, when the response exceeds a
 * limit.
 */
export function withinLimits<T>(query: () => T): T | ResponseLimitError {
  try {
    return query();
  } catch (error) {
    if (error instanceof ResponseLimitError) return error;
    throw error;
  }
}

/** The part of a failure's name about a limit, such as ` (took over 500 ms)`; empty for any other result. */
export const limitText = (result: unknown): string =>
  result instanceof ResponseLimitError ? ` (${result.message})` : '';

/**
 * Returns a function that finds the first match of an expression in a text of a response, within {@link QUERY_MS}.
 * Expressions that cannot take long run without the watchdog, which is faster.
 */
export function matcherOf(expression: RegExp): (response: TransportResponse, text: string) => RegExpExecArray | null {
  const once = new RegExp(expression.source, expression.flags.replace(/[gy]/g, ''));
  const safe = safeLength(once);
  return (response, text) => (text.length <= safe ? once.exec(text) : queryWithin(response, () => once.exec(text)));
}
