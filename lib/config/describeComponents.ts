import { isLeft } from 'fp-ts/lib/Either.js';
import { type Field, type Fields, isMap, spelling } from '../codec/struct.js';
import type { ComponentKind, OperatorPoint } from '../core/component.js';
import { defined } from '../core/defined.js';
import type { AnyComponent } from '../plugin/anyComponent.js';
import type { UsedModules } from '../plugin/operatorCodec.js';
import { pluginCodecs } from '../plugin/pluginCodecs.js';
import type { Registry } from '../plugin/registry.js';

/** One key of a component. */
export interface KeyDescription {
  /** As it is written, with dots for maps inside: `dial.timeout`. */
  readonly key: string;
  /** What is expected, in words. */
  readonly type: string;
  readonly required: boolean;
  /** The value when the key is absent, as it would be written; of a component its name. */
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

/** A default as it would be written; of a component its name. */
function writtenDefault({ codec, fallback }: Field<unknown>): unknown {
  const value = fallback?.value;
  if (value === undefined || value === null) return value;
  if (isMap(value) && typeof value.create === 'function') return value.name;
  return codec.encode(value);
}

function describeField(key: string, field: Field<unknown>): readonly KeyDescription[] {
  const inner = (field.codec as { readonly fields?: Fields }).fields;
  if (inner !== undefined) return describeFields(`${key}.`, inner);
  const fallback = writtenDefault(field);
  return [
    {
      key,
      type: field.codec.name,
      required: field.fallback === undefined,
      ...defined({ default: fallback }),
      doc: field.doc,
    },
  ];
}

function describeFields(prefix: string, fields: Fields): readonly KeyDescription[] {
  return Object.entries(fields).flatMap(([property, field]) =>
    describeField(`${prefix}${spelling(property, field)}`, field as Field<unknown>),
  );
}

/**
 * Every component that a config can select, with its keys, types, defaults and what they do.
 *
 * @param used Modules that operators name by `use`; each operator in them is listed under the name of its module.
 */
export function describeComponents(registry: Registry, used: UsedModules = new Map()): readonly ComponentDescription[] {
  const plugins = pluginCodecs(registry);
  const describe = (component: AnyComponent, name = component.name): ComponentDescription => {
    const { kind, at, summary } = component;
    const { fields = {} } = component.options(plugins) as { readonly fields?: Fields };
    return { kind, name, ...defined({ at }), summary, keys: describeFields('', fields) };
  };
  const inModules = [...used].flatMap(([name, module]) =>
    isLeft(module.operator) ? [] : [describe(module.operator.right, name)],
  );
  return [...registry.all().map((component) => describe(component)), ...inModules];
}
