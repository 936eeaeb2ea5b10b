import { isLeft, right } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { type Codec, type CodecIssue, fail } from './issue.js';
import { flag } from './scalars.js';
import { type JsonSchema, withSchema } from './schema.js';
import { type Fields, isMap, type Struct, type StructOf, type WrittenOf } from './struct.js';

/** A codec of {@link flagOr}: it has the keys of the map, and is also written without them. */
export type FlagOr<F extends Fields> = Codec<StructOf<F> | false, WrittenOf<F> | boolean> & {
  readonly fields: F;
  readonly alsoFlag: true;
};

/**
 * A feature that is switched on by `true` or by a map of its options. `true` is the same as the empty map, and `false` is decoded to false.
 *
 * @param options Every key has a default.
 * @example
 * const limits = struct('limits', { size: optional(float, 10, 'the size') });
 * flagOr(limits).decode(true); // right({ size: 10 })
 * flagOr(limits).decode({ size: 3 }); // right({ size: 3 })
 */
export function flagOr<F extends Fields>(options: Struct<F>): FlagOr<F> {
  const name = `true or false, or a map of options`;
  const validate: t.Validate<unknown, StructOf<F> | false> = (raw, context) => {
    if (isMap(raw)) return options.validate(raw, context);
    const decoded = flag.validate(raw, context);
    if (isLeft(decoded)) {
      const [{ code, hint }] = decoded.left as [CodecIssue];
      return fail(raw, context, code, name, hint);
    }
    return decoded.right ? options.validate({}, context) : right(false);
  };
  const encode = (value: StructOf<F> | false): WrittenOf<F> | boolean => {
    if (value === false) return false;
    const written = options.encode(value);
    return Object.keys(written).length === 0 ? true : written;
  };
  const is = (raw: unknown): raw is StructOf<F> | false => raw === false || options.is(raw);
  const codec = new t.Type<StructOf<F> | false, WrittenOf<F> | boolean, unknown>(name, is, validate, encode);
  const schemas = (schemaOf: (codec: t.Mixed) => JsonSchema): JsonSchema => ({
    anyOf: [schemaOf(flag), schemaOf(options)],
  });
  return Object.assign(withSchema(codec, schemas), { fields: options.fields, alsoFlag: true } as const);
}
