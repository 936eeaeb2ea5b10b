import { isLeft } from 'fp-ts/lib/Either.js';
import { type Field, type Fields, isMap, spelling } from '../codec/struct.js';
import type { ComponentKind, OperatorPoint } from '../core/component.js';
import { defined } from '../core/defined.js';
import type { AnyComponent } from '../plugin/anyComponent.js';
import type { UsedModules } from '../plugin/operatorCodec.js';
import { pluginCodecs } from '../plugin/pluginCodecs.js';
import type { Registry } from '../plugin/registry.js';
import { mainCodec, poolCodec } from './mainCodec.js';

/** One key of a component. */
export interface KeyDescription {
  /** The key as written, with dots for maps inside: `dial.timeout`. */
  readonly key: string;
  /** The expectation in words. */
  readonly type: string;
  readonly required: boolean;
  /** The written form of the default; for a component its name. */
  readonly default?: unknown;
  readonly doc: string;
}

/** The keys of a config outside its components. */
export interface ConfigDescription {
  readonly top: readonly KeyDescription[];
  readonly pool: readonly KeyDescription[];
}

/** One component and its keys. */
export interface ComponentDescription {
  readonly kind: ComponentKind;
  readonly name: string;
  /** Where an operator stands in a pool; absent for other kinds. */
  readonly at?: OperatorPoint;
  readonly summary: string;
  readonly keys: readonly KeyDescription[];
  /** How it is written, with `type` and documented keys; absent when it has no example. */
  readonly example?: Readonly<Record<string, unknown>>;
}

/** The written form of a default; for a component its name. */
function writtenDefault({ codec, fallback }: Field<unknown>): unknown {
  const value = fallback?.value;
  if (value === undefined || value === null) return value;
  if (isMap(value) && typeof value.create === 'function') return value.name;
  return codec.encode(value);
}

function describeField(key: string, field: Field<unknown>): readonly KeyDescription[] {
  const { fields: inner, alsoFlag } = field.codec as { readonly fields?: Fields; readonly alsoFlag?: true };
  const keys = inner === undefined ? [] : describeFields(`${key}.`, inner);
  if (inner !== undefined && alsoFlag === undefined) return keys;
  const fallback = writtenDefault(field);
  return [
    {
      key,
      type: field.codec.name,
      required: field.fallback === undefined,
      ...defined({ default: fallback }),
      doc: field.doc,
    },
    ...keys,
  ];
}

function describeFields(prefix: string, fields: Fields): readonly KeyDescription[] {
  return Object.entries(fields).flatMap(([property, field]) =>
    describeField(`${prefix}${spelling(property, field)}`, field as Field<unknown>),
  );
}

/** Options as they are written in code, with the keys as they are written in a config. */
function spelled(fields: Fields, written: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const entries = Object.entries(written).map(([property, value]) => {
    const field = fields[property] as Field<unknown> | undefined;
    const inner = (field?.codec as { readonly fields?: Fields } | undefined)?.fields;
    return [
      field === undefined ? property : spelling(property, field),
      inner !== undefined && isMap(value) ? spelled(inner, value) : value,
    ];
  });
  return Object.fromEntries(entries) as Readonly<Record<string, unknown>>;
}

/** The example of a component as it is written in a config: `{ type: 'line', from: 1, to: 500, duration: '60s' }`. */
export function exampleOf(
  { name, example }: Pick<AnyComponent, 'name' | 'example'>,
  fields: Fields,
): Readonly<Record<string, unknown>> | undefined {
  return isMap(example) ? { type: name, ...spelled(fields, example) } : undefined;
}

/**
 * Every component that a config can select, with its keys and their types, defaults and descriptions.
 *
 * @param used Modules that operators name by `use`; each operator in them is listed under the name of its module.
 */
export function describeComponents(registry: Registry, used: UsedModules = new Map()): readonly ComponentDescription[] {
  const plugins = pluginCodecs(registry);
  const describe = (component: AnyComponent, name = component.name): ComponentDescription => {
    const { kind, at, summary } = component;
    const { fields = {} } = component.options(plugins) as { readonly fields?: Fields };
    const keys = describeFields('', fields);
    return { kind, name, summary, keys, ...defined({ at, example: exampleOf(component, fields) }) };
  };
  const inModules = [...used].flatMap(([name, module]) =>
    isLeft(module.operator) ? [] : [describe(module.operator.right, name)],
  );
  return [...registry.all().map((component) => describe(component)), ...inModules];
}

/** The keys at the top of a config, and those of a pool. */
export function describeConfig(registry: Registry): ConfigDescription {
  const plugins = pluginCodecs(registry);
  return {
    top: describeFields('', mainCodec(plugins).fields),
    pool: describeFields('', poolCodec(plugins).fields),
  };
}
