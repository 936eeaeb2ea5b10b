import { createRequire } from 'node:module';
import type { JSONValue } from 'json-p3';
import { A_FUNCTION, A_TEXT, checkArgument } from '../../core/argument.js';
import { describeError } from '../../core/errorContext.js';
import { ElpisError } from '../../core/errors.js';
import { isNestedOver, JSON_DEPTH, type TransportResponse } from '../../protocols/transport.js';
import { type Extractor, textOf } from './extractor.js';
import { queryWithin, ResponseLimitError } from './limits.js';

const load = createRequire(import.meta.url);

/** A path of names and numbers only, such as `$.goods[0].id`. It takes little time, so it needs no time limit. */
const SINGULAR = /^\$(?:\.[A-Za-z_]\w*|\[(?:-?\d+|'[^'\\]*'|"[^"\\]*")\])*$/;

/** @throws ResponseLimitError for JSON that is nested too deep to be read. */
function jsonOf(response: TransportResponse): unknown {
  const { json } = response;
  if (json === undefined && isNestedOver(response.body, JSON_DEPTH))
    throw new ResponseLimitError(`JSON nested over ${JSON_DEPTH} deep`);
  return json;
}

/**
 * Makes a query from a JSONPath (RFC 9535). The query returns all values that the path selects in a body, in order;
 * none when the body is not JSON.
 *
 * @throws ElpisError `ELPIS_CONFIG` for an invalid path.
 */
export function jsonQuery(path: string): (response: TransportResponse) => readonly unknown[] {
  const { JSONPathEnvironment } = load('json-p3') as typeof import('json-p3');
  try {
    const query = new JSONPathEnvironment({ maxRecursionDepth: JSON_DEPTH + 1 }).compile(path);
    const select = (value: unknown): readonly unknown[] => query.query(value as JSONValue).values();
    return (response) => {
      const json = jsonOf(response);
      if (json === undefined) return [];
      return SINGULAR.test(path) ? select(json) : queryWithin(response, () => select(json));
    };
  } catch (cause) {
    const why = describeError(cause);
    throw new ElpisError('ELPIS_CONFIG', `${JSON.stringify(path)} is not a JSONPath: ${why}`, {
      cause,
      hint: 'a path starts with $, as in $.goods[0].id or $..price',
    });
  }
}

/**
 * The first value that a JSONPath (RFC 9535) selects in the body: as text, or unchanged when a guard gives its type.
 * A value that the guard refuses counts as missing, and so does `null` without a guard.
 *
 * @throws ElpisError `ELPIS_CONFIG` for an invalid path.
 * @example
 * const isNumber = (value: unknown): value is number => typeof value === 'number';
 * extract({ token: jsonPath('$.token'), total: jsonPath('$.total', isNumber) });
 */
export function jsonPath(path: string): Extractor<string>;
export function jsonPath<T>(path: string, is: (value: unknown) => value is T): Extractor<T>;
export function jsonPath(path: string, is?: (value: unknown) => boolean): Extractor<unknown> {
  checkArgument('jsonPath', 'path', path, A_TEXT);
  if (is !== undefined) checkArgument('jsonPath', 'is', is, A_FUNCTION);
  const query = jsonQuery(path);
  return (response) => {
    const [found] = query(response);
    if (is === undefined) return textOf(found);
    return is(found) ? found : undefined;
  };
}

/**
 * All values that a JSONPath (RFC 9535) selects in the body, as texts, without `null`. `undefined` when it selects
 * none.
 *
 * @throws ElpisError `ELPIS_CONFIG` for an invalid path.
 * @example
 * extract({ ids: jsonAll('$.goods[*].id') });
 */
export function jsonAll(path: string): Extractor<readonly string[]> {
  checkArgument('jsonAll', 'path', path, A_TEXT);
  const query = jsonQuery(path);
  return (response) => {
    const texts = query(response).flatMap((value) => textOf(value) ?? []);
    return texts.length > 0 ? texts : undefined;
  };
}
