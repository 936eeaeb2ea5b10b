import { isLeft } from 'fp-ts/lib/Either.js';
import type { Codec } from '../codec/issue.js';
import { type Field, type Fields, isMap, spelling } from '../codec/struct.js';
import type { ComponentKind, OperatorPoint } from '../core/component.js';
import type { AnyDescriptor } from '../plugin/descriptor.js';
import type { AnyOperator, UsedModules } from '../plugin/operatorCodec.js';
import { pluginCodecs } from '../plugin/pluginCodecs.js';
import type { Registry } from '../plugin/registry.js';

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
  /** Where an operator stands in a pool; absent for other kinds. */
  readonly at?: OperatorPoint;
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

const isOperator = (descriptor: AnyDescriptor): descriptor is AnyDescriptor & AnyOperator =>
  descriptor.kind === 'operator';

/**
 * Every component that a config can select, with its keys, types, defaults and what they do.
 *
 * @param used Modules that operators name by `use`; each operator in them is listed under the name of its module.
 */
export function describeComponents(registry: Registry, used: UsedModules = new Map()): readonly ComponentDescription[] {
  const plugins = pluginCodecs(registry);
  const inModules = [...used].flatMap(([name, module]) =>
    isLeft(module.operator) ? [] : [{ ...module.operator.right, name }],
  );
  return [...registry.all(), ...inModules].map((descriptor): ComponentDescription => {
    const { kind, name, summary, codec } = descriptor;
    const options = codec(plugins) as Codec<unknown> & { readonly fields?: Fields };
    const place = isOperator(descriptor) ? { at: descriptor.at } : {};
    return { kind, name, ...place, summary, keys: describeFields('', options.fields ?? {}) };
  });
}
