import { createRequire } from 'node:module';
import type { JSONValue } from 'json-p3';
import { describeError } from '../../core/blame.js';
import { ElpisError } from '../../core/errors.js';
import { type Extractor, textOf } from './extractor.js';

const load = createRequire(import.meta.url);

/**
 * Makes a query of a JSONPath (RFC 9535): all that it selects in a value, in order; nothing in `undefined`.
 *
 * @throws ElpisError `ELPIS_CONFIG` for a path that is none.
 */
export function jsonQuery(path: string): (value: unknown) => readonly unknown[] {
  const { jsonpath } = load('json-p3') as typeof import('json-p3');
  try {
    const query = jsonpath.compile(path);
    return (value) => (value === undefined ? [] : query.query(value as JSONValue).values());
  } catch (cause) {
    const why = describeError(cause);
    throw new ElpisError('ELPIS_CONFIG', `${JSON.stringify(path)} is no JSONPath: ${why}`, {
      cause,
      hint: 'a path starts with $, as in $.goods[0].id or $..price',
    });
  }
}

/**
 * What a JSONPath (RFC 9535) selects first in the body: as text, or as it is when a guard says what it is. A value that the
 * guard refuses counts as not there, and so does `null` without a guard.
 *
 * @throws ElpisError `ELPIS_CONFIG` for a path that is none.
 * @example
 * const isNumber = (value: unknown): value is number => typeof value === 'number';
 * extract({ token: jsonPath('$.token'), total: jsonPath('$.total', isNumber) });
 */
export function jsonPath(path: string): Extractor<string>;
export function jsonPath<T>(path: string, is: (value: unknown) => value is T): Extractor<T>;
export function jsonPath(path: string, is?: (value: unknown) => boolean): Extractor<unknown> {
  const query = jsonQuery(path);
  return ({ json }) => {
    const [found] = query(json);
    if (is === undefined) return textOf(found);
    return is(found) ? found : undefined;
  };
}

/**
 * All that a JSONPath (RFC 9535) selects in the body, as texts, `null` left out. Not there when it selects nothing.
 *
 * @throws ElpisError `ELPIS_CONFIG` for a path that is none.
 * @example
 * extract({ ids: jsonAll('$.goods[*].id') });
 */
export function jsonAll(path: string): Extractor<readonly string[]> {
  const query = jsonQuery(path);
  return ({ json }) => {
    const texts = query(json).flatMap((value) => textOf(value) ?? []);
    return texts.length > 0 ? texts : undefined;
  };
}
