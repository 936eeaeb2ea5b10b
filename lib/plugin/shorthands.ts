import { mapLeft } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { Codec } from '../codec/issue.js';
import { type JsonSchema, withSchema } from '../codec/schema.js';
import type { ComponentKind } from '../core/component.js';
import type { ConfiguredComponent } from './configured.js';
import type { PartCodecs } from './part.js';

/**
 * Adds a short form to a codec. `expand` returns the full map and the key in it that holds the written value, or
 * undefined when the value is no short form. Issues have the path of the written value, without that key.
 *
 * @param schema The JSON Schema of the short form.
 */
function shorthand<K extends ComponentKind, W>(
  codec: Codec<ConfiguredComponent<K>, W>,
  expand: (raw: unknown) => { readonly map: Readonly<Record<string, unknown>>; readonly key?: string } | undefined,
  schema: JsonSchema,
): Codec<ConfiguredComponent<K>, W> {
  const validate: t.Validate<unknown, ConfiguredComponent<K>> = (raw, context) => {
    const expanded = expand(raw);
    if (expanded === undefined) return codec.validate(raw, context);
    const depth = context.length;
    return mapLeft((issues: t.Errors) =>
      issues.map((issue) => {
        const added = issue.context[depth]?.key;
        if (added !== expanded.key && added !== 'type') return issue;
        return { ...issue, context: issue.context.filter((_, i) => i !== depth) };
      }),
    )(codec.validate(expanded.map, context));
  };
  return withSchema(
    new t.Type<ConfiguredComponent<K>, W, unknown>(codec.name, codec.is, validate, codec.encode),
    (schemaOf) => ({
      anyOf: [schemaOf(codec), schema],
    }),
  );
}

/** A list of schedules stands for `{ type: composite, nested: [...] }`. */
export function scheduleShorthand(codec: PartCodecs['schedule']): PartCodecs['schedule'] {
  return shorthand(
    codec,
    (raw) => (Array.isArray(raw) ? { map: { type: 'composite', nested: raw as unknown[] }, key: 'nested' } : undefined),
    { type: 'array', items: { $ref: '#/definitions/schedule' } },
  );
}

/** Text stands for a data sink: `stdout`, `stderr`, or the path of a file. */
export function sinkShorthand(codec: PartCodecs['sink']): PartCodecs['sink'] {
  return shorthand(
    codec,
    (raw) => {
      if (typeof raw !== 'string') return undefined;
      return raw === 'stdout' || raw === 'stderr'
        ? { map: { type: raw } }
        : { map: { type: 'file', path: raw }, key: 'path' };
    },
    { type: 'string' },
  );
}

/** Text stands for a data source: `stdin`, an http(s) address, or the path of a file. */
export function sourceShorthand(codec: PartCodecs['source']): PartCodecs['source'] {
  return shorthand(
    codec,
    (raw) => {
      if (typeof raw !== 'string') return undefined;
      if (raw === 'stdin') return { map: { type: 'stdin' } };
      return /^https?:\/\//i.test(raw)
        ? { map: { type: 'url', url: raw }, key: 'url' }
        : { map: { type: 'file', path: raw }, key: 'path' };
    },
    { type: 'string' },
  );
}
