import { isLeft, map } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { checked } from '../codec/checked.js';
import type { Codec } from '../codec/codec.js';
import { listOf } from '../codec/listOf.js';
import { withSchema } from '../codec/withSchema.js';
import type { Chosen } from '../plugin/chosen.js';
import type { PluginCodecs } from '../plugin/descriptor.js';

/** The key `result`: an aggregator, or several that all get every sample. */
export function resultCodec({ aggregator }: PluginCodecs): Codec<readonly Chosen<'aggregator'>[]> {
  const several = checked(listOf(aggregator), (list) => list.length > 0, 'at least one result', 'min', {
    schema: { minItems: 1 },
  });
  const validate: t.Validate<unknown, readonly Chosen<'aggregator'>[]> = (raw, context) =>
    Array.isArray(raw)
      ? several.validate(raw, context)
      : map((one: Chosen<'aggregator'>) => [one])(aggregator.validate(raw, context));
  const is = (raw: unknown): raw is readonly Chosen<'aggregator'>[] => !isLeft(validate(raw, []));
  return withSchema(new t.Type(`${aggregator.name}, or a list of them`, is, validate, t.identity), (schemaOf) => ({
    anyOf: [schemaOf(aggregator), schemaOf(several)],
  }));
}
