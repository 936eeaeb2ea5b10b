import type { Codec } from '../codec/codec.js';
import type { Field } from '../codec/field.js';
import { isMap } from '../codec/isMap.js';
import { spelling } from '../codec/spelling.js';
import type { Fields } from '../codec/struct.js';
import type { ComponentKind } from '../core/component.js';
import type { Registry } from '../plugin/registry.js';
import { pluginCodecs } from '../plugin-config/pluginCodecs.js';

/** One key of a component. */
export interface KeyDescription {
  /** As it is written, with dots for maps inside: `dial.timeout`. */
  readonly key: string;
  /** What is expected, in words. */
  readonly type: string;
  readonly required: boolean;
  /** The value when the key is absent, decoded: durations are nanoseconds. A component is told by its name. */
  readonly default?: unknown;
  readonly doc: string;
}

/** One component and its keys. */
export interface ComponentDescription {
  readonly kind: ComponentKind;
  readonly name: string;
  readonly summary: string;
  readonly keys: readonly KeyDescription[];
}

/** A default that is a component is told by its name. */
function chosenName(value: Readonly<Record<string, unknown>>): unknown {
  return typeof value.create === 'function' ? value.name : value;
}

function describeField(key: string, field: Field<unknown>): readonly KeyDescription[] {
  const inner = (field.codec as { readonly fields?: Fields }).fields;
  if (inner !== undefined) return describeFields(`${key}.`, inner);
  const fallback = isMap(field.fallback?.value) ? chosenName(field.fallback.value) : field.fallback?.value;
  return [
    {
      key,
      type: field.codec.name,
      required: field.fallback === undefined,
      ...(fallback === undefined ? {} : { default: fallback }),
      doc: field.doc,
    },
  ];
}

function describeFields(prefix: string, fields: Fields): readonly KeyDescription[] {
  return Object.entries(fields).flatMap(([property, field]) =>
    describeField(`${prefix}${spelling(property, field)}`, field as Field<unknown>),
  );
}

/** Every component that a config can select, with its keys, types, defaults and what they do. */
export function describeComponents(registry: Registry): readonly ComponentDescription[] {
  const plugins = pluginCodecs(registry);
  return registry.all().map(({ kind, name, summary, codec }): ComponentDescription => {
    const options = codec(plugins) as Codec<unknown> & { readonly fields?: Fields };
    return { kind, name, summary, keys: describeFields('', options.fields ?? {}) };
  });
}
