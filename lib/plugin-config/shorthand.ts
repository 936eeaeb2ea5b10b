import { mapLeft } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { JsonSchema } from '../codec/jsonSchema.js';
import { withSchema } from '../codec/withSchema.js';
import type { ComponentKind } from '../core/component.js';
import type { Chosen } from '../plugin/chosen.js';

/**
 * Lets a plugin be written shorter: `expand` answers the full map and the one key in it that holds what was written, or
 * undefined when the value is no shorthand. Flaws keep the path of what was written, without that key.
 *
 * @param schema What the shorthand looks like.
 */
export function shorthand<K extends ComponentKind>(
  codec: t.Type<Chosen<K>, unknown, unknown>,
  expand: (raw: unknown) => { readonly map: Readonly<Record<string, unknown>>; readonly key?: string } | undefined,
  schema: JsonSchema,
): t.Type<Chosen<K>, unknown, unknown> {
  const validate: t.Validate<unknown, Chosen<K>> = (raw, context) => {
    const expanded = expand(raw);
    if (expanded === undefined) return codec.validate(raw, context);
    const depth = context.length;
    return mapLeft((flaws: t.Errors) =>
      flaws.map((flaw) => {
        const added = flaw.context[depth]?.key;
        if (added !== expanded.key && added !== 'type') return flaw;
        return { ...flaw, context: flaw.context.filter((_, i) => i !== depth) };
      }),
    )(codec.validate(expanded.map, context));
  };
  return withSchema(
    new t.Type<Chosen<K>, unknown, unknown>(codec.name, codec.is, validate, t.identity),
    (schemaOf) => ({
      anyOf: [schemaOf(codec), schema],
    }),
  );
}
