import { isLeft } from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';
import { fail } from './fail.js';
import type { FlawCode } from './flaw.js';
import { type Fields, type Struct, type StructOf, struct } from './struct.js';

/** What is wrong with a struct as a whole. */
export interface WholeFlaw {
  readonly code: FlawCode;
  readonly expected: string;
  readonly hint?: string;
}

/**
 * A struct with a condition on its keys together. The flaw lies at the struct itself; it is only looked for when every
 * key is right by itself.
 *
 * @example
 * const keys = { file: optional(text, '', 'a file'), uris: optional(listOf(text), [], 'URIs') };
 * const uriConfig = wholly(struct('uri ammo', keys), ({ file, uris }) =>
 *   (file === '') === (uris.length === 0)
 *     ? { code: 'bad-value', expected: 'exactly one of file and uris' }
 *     : undefined);
 */
export function wholly<F extends Fields>(
  inner: Struct<F>,
  flawOf: (value: StructOf<F>) => WholeFlaw | undefined,
): Struct<F> {
  const outer = struct(inner.name, inner.fields);
  const validate: t.Validate<unknown, StructOf<F>> = (raw, context) => {
    const decoded = inner.validate(raw, context);
    if (isLeft(decoded)) return decoded;
    const flaw = flawOf(decoded.right);
    return flaw === undefined ? decoded : fail(raw, context, flaw.code, flaw.expected, flaw.hint);
  };
  return Object.assign(outer, {
    validate,
    is: (raw: unknown): raw is StructOf<F> => !isLeft(validate(raw, [])),
  });
}
