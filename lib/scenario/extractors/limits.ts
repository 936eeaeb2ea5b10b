import type { Millis } from '../../core/units.js';
import type { TransportResponse } from '../../protocols/transport.js';
import { callWithin, DeadlineError } from '../../time/deadline.js';
import { safeLength } from '../../time/safeExpression.js';

/** How long one query of a response may take. A target decides what is in a response, so no query may hold up a run. */
export const QUERY_MS: Millis = 500;

/** A response that is too large, too deep or too slow to query. It is a failed sample, not an error of the run. */
export class ResponseLimitError extends Error {
  override readonly name = 'ResponseLimitError';
}

/** Of each response, whether a query of it was stopped: further ones are not tried, so that a response costs the limit once. */
const queriesOf = (): { stopped: boolean } => ({ stopped: false });

/**
 * Queries a response within the time of {@link QUERY_MS}.
 *
 * @param query Must not change anything but what belongs to the response.
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

/** Calls a function that queries a response, and returns the error instead of throwing it when the response is beyond a limit. */
export function withinLimits<T>(query: () => T): T | ResponseLimitError {
  try {
    return query();
  } catch (error) {
    if (error instanceof ResponseLimitError) return error;
    throw error;
  }
}

/** What the name of a failure says of a limit, such as ` (took over 500 ms)`; empty for any other result. */
export const limitText = (result: unknown): string =>
  result instanceof ResponseLimitError ? ` (${result.message})` : '';

/**
 * An expression as a function that finds its first match in a text of a response, within {@link QUERY_MS}. One that cannot take long is not
 * watched, which saves time.
 */
export function matcherOf(expression: RegExp): (response: TransportResponse, text: string) => RegExpExecArray | null {
  const once = new RegExp(expression.source, expression.flags.replace(/[gy]/g, ''));
  const safe = safeLength(once);
  return (response, text) => (text.length <= safe ? once.exec(text) : queryWithin(response, () => once.exec(text)));
}
