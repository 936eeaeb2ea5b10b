import { isLeft, left, map, right } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { closest } from '../codec/closest.js';
import { type Flaw, fail } from '../codec/issue.js';
import { Reference } from '../codec/reference.js';
import { withSchema } from '../codec/schema.js';
import { isMap } from '../codec/struct.js';
import { describeError } from '../core/blame.js';
import type { ComponentKind } from '../core/component.js';
import { type ConfiguredComponent, isConfigured } from './configured.js';
import { creating } from './creating.js';
import type { Descriptor, PluginCodecs } from './descriptor.js';
import { recipes } from './recipe.js';
import type { Registry } from './registry.js';
import { userPlace } from './userPlace.js';
import { isUserValue, userComponent } from './userValue.js';

/** True for the key that selects a component: `type` in any case. Its value is taken as written. */
export function isTypeKey(key: string): boolean {
  return key.toLowerCase() === 'type';
}

/** What an {@link optionsReader} needs of a component. */
interface Readable {
  readonly kind: string;
  readonly name: string;
  readonly codec: (plugins: PluginCodecs) => t.Type<unknown, unknown, unknown>;
}

/** What reading options needs besides them. */
interface OptionsReaderDeps {
  /** The codecs of all kinds, for components that hold others. Asked for when the first value is read. */
  readonly plugins: () => PluginCodecs;
  /** Told the options of every component that was accepted. */
  readonly onAccepted: (codec: t.Type<unknown, unknown, unknown>, options: unknown, context: t.Context) => unknown;
}

/** What is wrong with a component whose codec throws: its name, what it threw, and where. */
function brokenCodec({ kind, name }: Readable, error: unknown, value: unknown, context: t.Context): Flaw {
  const place = userPlace(error);
  const message = `the codec of ${kind} "${name}" failed${place === undefined ? '' : ` at ${place}`}`;
  const expected = 'a codec that accepts the value or returns what is wrong with it';
  return { value, context, code: 'broken-codec', expected, message, hint: `it threw: ${describeError(error)}` };
}

/** Reads options of components by their own codecs, each of which is made once. A codec that throws is a flaw of the config. */
export function optionsReader({ plugins, onAccepted }: OptionsReaderDeps) {
  const codecs = new Map<Readable, t.Type<unknown, unknown, unknown>>();
  return (descriptor: Readable, options: unknown, context: t.Context): t.Validation<unknown> => {
    let codec = codecs.get(descriptor);
    let decoded: t.Validation<unknown>;
    try {
      codec ??= descriptor.codec(plugins());
      decoded = codec.validate(options, context);
    } catch (error) {
      return left([brokenCodec(descriptor, error, options, context)]);
    }
    codecs.set(descriptor, codec);
    if (!isLeft(decoded)) onAccepted(codec, options, context);
    return decoded;
  };
}

/** What is expected where a component of a kind stands, with an example. */
export const PLUGIN_EXAMPLES: Readonly<Record<ComponentKind, string>> = {
  schedule: 'a schedule such as {type: const, ops: 10, duration: 30s}, or a list of them',
  provider: 'an ammo provider such as {type: uri, file: ./ammo.uri}',
  gun: 'a gun such as {type: http, target: "localhost:8080"}',
  aggregator: 'a result such as {type: phout, destination: ./phout.log}',
  source: 'a data source such as ./data.json, or {type: inline, data: text}',
  sink: 'a data sink: stdout, stderr, a path, or a map with the key type',
  operator: 'an operator such as {use: ./my-operator.ts}',
  observer: 'an observer such as {type: summary-json, file: ./summary.json}',
  middleware: 'a middleware such as {type: header/date}',
};

/**
 * Reads a component that was made in code; undefined for anything else. One from the vocabulary stands for its name and
 * options, so that each run makes its own, by the registry's component of that name if it has one. Any other value that fits
 * the kind is the user's own and taken as it is.
 */
function valueInCode<K extends ComponentKind>(
  kind: K,
  raw: unknown,
  context: t.Context,
  registry: Registry,
  readOptions: ReturnType<typeof optionsReader>,
): t.Validation<ConfiguredComponent<K>> | undefined {
  const recipe = recipes.of(raw);
  if (recipe === undefined) return isUserValue(kind, raw) ? right(userComponent(kind, raw)) : undefined;
  const { descriptor, options, deps: given } = recipe;
  const { name } = descriptor;
  if (descriptor.kind !== kind)
    return fail(raw, context, 'bad-value', PLUGIN_EXAMPLES[kind], `this is the ${descriptor.kind} ${name}`);
  const known = registry.find(kind, name) ?? (descriptor as Descriptor<K, unknown>);
  return map(
    (config: unknown): ConfiguredComponent<K> => ({
      kind,
      name,
      config,
      create: creating(kind, name, (deps) => known.create(config, { ...deps, ...given })),
    }),
  )(readOptions(known, options, context));
}

/** What a plugin codec needs besides its kind. */
export interface PluginCodecOptions extends OptionsReaderDeps {
  readonly registry: Registry;
}

/** A kind of components that are all read alike; operators are read by the point where they stand. */
export type PluginKind = Exclude<ComponentKind, 'operator'>;

/** How an error says what could have been selected. */
function choice(registry: Registry, kind: ComponentKind): string {
  const names = registry.names(kind);
  return names.length === 0 ? `a ${kind}, of which there is none` : `one of ${names.join(', ')}`;
}

function hintForNoMap(raw: unknown, names: readonly string[]): string | undefined {
  if (raw instanceof Reference) return 'a reference can stand for text or a number, not for this; write the map';
  return typeof raw === 'string' && names.includes(raw) ? `write {type: ${raw}}` : undefined;
}

/** The name in the `type` key, or what is wrong with it. */
function readType(raw: Readonly<Record<string, unknown>>, context: t.Context, expected: string): string | Flaw[] {
  const [key, second] = Object.keys(raw).filter(isTypeKey);
  if (key === undefined) return fail(raw, context, 'missing-type', expected).left;
  const at = (name: string): t.Context => t.appendContext(context, name, t.string, raw[name]);
  if (second !== undefined) return fail(raw[second], at(second), 'duplicate-key', `${key} only once`).left;
  const name = raw[key];
  return typeof name === 'string' ? name : fail(name, at(key), 'wrong-type', expected).left;
}

function hintForUnknown(name: string, names: readonly string[]): string | undefined {
  const near = names.find((known) => known === name.trim()) ?? closest(name, names);
  if (near === undefined) return undefined;
  return near.toLowerCase() === name.trim().toLowerCase() ? `write it exactly so: ${near}` : `did you mean ${near}?`;
}

/**
 * Reads `{ type: NAME, ...options }` into a component of one kind, ready to be created. `type` is found in any case; its
 * value is taken exactly. The other keys are read by the component's own codec. A component that was chosen or
 * made in code is taken too.
 */
export function pluginCodec<K extends PluginKind>(
  kind: K,
  { registry, ...deps }: PluginCodecOptions,
): t.Type<ConfiguredComponent<K>, unknown, unknown> {
  const readOptions = optionsReader(deps);
  const validate: t.Validate<unknown, ConfiguredComponent<K>> = (raw, context) => {
    if (isConfigured(kind, raw)) return right(raw);
    const made = valueInCode(kind, raw, context, registry, readOptions);
    if (made !== undefined) return made;
    const names = registry.names(kind);
    if (!isMap(raw)) return fail(raw, context, 'not-a-map', PLUGIN_EXAMPLES[kind], hintForNoMap(raw, names));
    const name = readType(raw, context, choice(registry, kind));
    if (typeof name !== 'string') return { _tag: 'Left', left: name };
    const descriptor = registry.find(kind, name);
    if (descriptor === undefined) {
      const key = Object.keys(raw).find(isTypeKey) as string;
      const at = t.appendContext(context, key, t.string, name);
      return fail(name, at, 'unknown-plugin-type', choice(registry, kind), hintForUnknown(name, names));
    }
    const options = Object.fromEntries(Object.entries(raw).filter(([key]) => !isTypeKey(key)));
    return map(
      (config: unknown): ConfiguredComponent<K> => ({
        kind,
        name,
        config,
        create: creating(kind, name, (deps) => descriptor.create(config, deps)),
      }),
    )(readOptions(descriptor, options, context));
  };
  const codec = new t.Type<ConfiguredComponent<K>, unknown, unknown>(
    PLUGIN_EXAMPLES[kind],
    (raw): raw is ConfiguredComponent<K> => isConfigured(kind, raw),
    validate,
    t.identity,
  );
  return withSchema(codec, () => ({ $ref: `#/definitions/${kind}ByType` }));
}
