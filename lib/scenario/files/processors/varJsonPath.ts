import type { TransportResponse } from '../../../protocols/transport.js';
import { queryWithin, ResponseLimitError } from '../../extractors/limits.js';
import { EvaluationError } from '../values/evaluationError.js';
import { firstJson } from '../values/firstJson.js';
import type { GoValue } from '../values/goValue.js';
import { parseJsonPath } from './jsonPath/jsonPath.js';
import { type CompiledPostprocessor, compileMapping, throwFirst } from './postprocessor.js';

/** Paths of names and numbers only. They cannot take long, so they need no time limit. */
const SINGULAR = /^[\w$.[\]"-]*$/;

const documentOf = (response: TransportResponse): GoValue => firstJson(response.body, response.text);

/** Calls a query within the time limit of queries. @throws EvaluationError `too-slow`. */
export function withinTime<T>(response: TransportResponse, query: () => T): T {
  try {
    return queryWithin(response, query);
  } catch (error) {
    if (error instanceof ResponseLimitError) throw new EvaluationError('too-slow', `the query ${error.message}`);
    throw error;
  }
}

/**
 * The postprocessor `var/jsonpath`: variables from the first JSON value of the body. Without a mapping it does nothing.
 *
 * @see parseJsonPath, for the dialect.
 */
export function varJsonPath(mapping: Readonly<Record<string, string>>): CompiledPostprocessor {
  const { entries, problems } = compileMapping(mapping, (path) => ({
    query: parseJsonPath(path),
    quick: SINGULAR.test(path) && !path.includes('..'),
  }));
  return {
    problems,
    extract: (response) => {
      const variables = new Map<string, GoValue>();
      if (entries.length === 0 && problems.length === 0) return variables;
      const document = response.parsed(documentOf);
      throwFirst(problems);
      for (const [name, { query, quick }] of entries)
        variables.set(name, quick ? query(document) : withinTime(response, () => query(document)));
      return variables;
    },
  };
}
