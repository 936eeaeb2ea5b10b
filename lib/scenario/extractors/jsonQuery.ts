import { createRequire } from 'node:module';
import type { JSONValue } from 'json-p3';
import { ElpisError } from '../../core/errors.js';

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
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ElpisError('ELPIS_CONFIG', `${JSON.stringify(path)} is no JSONPath: ${why}`, {
      cause,
      hint: 'a path starts with $, as in $.goods[0].id or $..price',
    });
  }
}
