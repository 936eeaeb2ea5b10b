import { isLeft, left, map, right } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { closest } from '../codec/closest.js';
import { type Codec, type CodecIssue, codecIssue, fail } from '../codec/issue.js';
import { Reference } from '../codec/reference.js';
import { withSchema } from '../codec/schema.js';
import { foldKey, isMap } from '../codec/struct.js';
import { isTypeKey } from '../codec/text/substitute.js';
import type { ComponentKind } from '../core/component.js';
import { defined } from '../core/defined.js';
import { describeError } from '../core/errorContext.js';
import type { AnyComponent } from './anyComponent.js';
import { type ConfiguredComponent, configure, type MadeInCode, madeInCode } from './configured.js';
import type { PartCodecs } from './part.js';
import type { Registry } from './registry.js';
import { userPlace } from './userPlace.js';
import { isUserValue, userComponent } from './userValue.js';

/** The part of a component that this codec uses. */
type Readable = Pick<AnyComponent, 'kind' | 'name'>;

/** What reading options needs besides them. */
interface OptionsReaderDeps {
  /** Returns the codecs of all kinds, for components that hold others. It is called when the first value is read. */
  readonly plugins: () => PartCodecs;
  /** Called with the options of every component that was accepted. */
  readonly onAccepted: (codec: t.Decoder<unknown, unknown>, options: unknown, context: t.Context) => unknown;
}

/** The issue of a component whose codec throws: its name, the exception, and its place. */
function brokenCodec({ kind, name }: Readable, error: unknown, value: unknown, context: t.Context): CodecIssue {
  const place = userPlace(error);
  const message = `the codec of ${kind} "${name}" failed${place === undefined ? '' : ` at ${place}`}`;
  const expected = 'a codec that accepts the value or returns what is wrong with it';
  return { value, context, code: 'broken-codec', expected, message, hint: `it threw: ${describeError(error)}` };
}

/**
 * Reads the options of components by their own codecs. Each codec is made once. A codec that throws is an issue of the
 * config.
 */
export function optionsReader({ plugins, onAccepted }: OptionsReaderDeps) {
  const codecs = new Map<AnyComponent, t.Decoder<unknown, unknown>>();
  return (component: AnyComponent, options: unknown, context: t.Context): t.Validation<unknown> => {
    let codec = codecs.get(component);
    let decoded: t.Validation<unknown>;
    try {
      codec ??= component.options(plugins());
      decoded = codec.validate(options, context);
    } catch (error) {
      return left([brokenCodec(component, error, options, context)]);
    }
    codecs.set(component, codec);
    if (!isLeft(decoded)) onAccepted(codec, options, context);
    return decoded;
  };
}

/** The expectation for each kind of component, with an example. */
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

/** What a plugin codec needs besides its kind. */
export interface PluginCodecOptions extends OptionsReaderDeps {
  readonly registry: Registry;
  /** True in code, where a component inside reads its options by its own parts. Default: by the registry. */
  readonly inCode: boolean;
  /**
   * Called with every component that was accepted, also inside one that is refused. Called with a refused one without its wrong keys,
   * so that the files of its other keys are checked.
   */
  readonly onConfigured: (configured: ConfiguredComponent<ComponentKind>, context: t.Context) => void;
}

/** A kind whose components are all read in the same way. Operators are read by their point. */
export type PluginKind = Exclude<ComponentKind, 'operator'>;

/** The names that can be selected, for an error. */
function choice(registry: Registry, kind: ComponentKind): string {
  const names = registry.names(kind);
  return names.length === 0 ? `a ${kind}, of which there is none` : `one of ${names.join(', ')}`;
}

/** What was probably meant by a value that is no map. */
function hintForNoMap(raw: unknown, kind: ComponentKind, names: readonly string[]): string | undefined {
  if (raw instanceof Reference) return 'a reference can stand for text or a number, not for this; write the map';
  if (typeof raw === 'string' && names.includes(raw)) return `write {type: ${raw}}`;
  const [, rate] = kind === 'schedule' ? (/^(\d+(?:\.\d+)?) ?(?:rps|ops|\/s)?$/.exec(String(raw)) ?? []) : [];
  if (rate !== undefined) return `write {type: const, ops: ${rate}, duration: 30s}`;
  // A path that needs no quotes.
  const isPath = typeof raw === 'string' && /^[\w./-]*[./][\w./-]*$/.test(raw);
  return kind === 'aggregator' && isPath ? `write {type: phout, destination: ${raw}}` : undefined;
}

/** The name in the `type` key, or what is wrong with it. */
function readType(raw: Readonly<Record<string, unknown>>, context: t.Context, expected: string): string | CodecIssue {
  const [key, second] = Object.keys(raw).filter(isTypeKey);
  if (key === undefined) return codecIssue(raw, context, 'missing-type', expected);
  const at = (name: string): t.Context => t.appendContext(context, name, t.string, raw[name]);
  if (second !== undefined) return codecIssue(raw[second], at(second), 'duplicate-key', `${key} only once`);
  const name = raw[key];
  return typeof name === 'string' ? name : codecIssue(name, at(key), 'wrong-type', expected);
}

function hintForUnknown(name: string, names: readonly string[]): string | undefined {
  const near = names.find((known) => known === name.trim()) ?? closest(name, names);
  if (near === undefined) return undefined;
  return near.toLowerCase() === name.trim().toLowerCase()
    ? `write it exactly like this: ${near}`
    : `did you mean ${near}?`;
}

/** True for a configured component of that kind. */
function isConfigured<K extends ComponentKind>(kind: K, raw: unknown): raw is ConfiguredComponent<K> {
  if (typeof raw !== 'object' || raw === null) return false;
  const { kind: its, create, describe } = raw as Partial<ConfiguredComponent<K>>;
  return its === kind && typeof create === 'function' && typeof describe === 'function';
}

/** Reads the components of one kind. */
class ComponentReader<K extends PluginKind> {
  readonly #readOptions: ReturnType<typeof optionsReader>;

  constructor(
    private readonly kind: K,
    private readonly options: PluginCodecOptions,
  ) {
    this.#readOptions = optionsReader(options);
  }

  validate(raw: unknown, context: t.Context): t.Validation<ConfiguredComponent<K>> {
    const configured = this.#read(raw, context);
    if (isLeft(configured)) this.#reportFiles(raw, context, configured.left);
    else this.options.onConfigured(configured.right, context);
    return configured;
  }

  #read(raw: unknown, context: t.Context): t.Validation<ConfiguredComponent<K>> {
    const { kind } = this;
    const made = madeInCode(raw);
    if (made !== undefined) return this.#readMade(made, raw, context);
    if (isConfigured(kind, raw)) return right(raw);
    if (isUserValue(kind, raw)) return right(userComponent(kind, raw));
    if (isMap(raw)) return this.#readMap(raw, context);
    const hint = hintForNoMap(raw, kind, this.options.registry.names(kind));
    return fail(raw, context, 'not-a-map', PLUGIN_EXAMPLES[kind], hint);
  }

  /** A value that was made in code by calling a component. */
  #readMade(made: MadeInCode, raw: unknown, context: t.Context): t.Validation<ConfiguredComponent<K>> {
    const { kind } = this;
    const { registry, inCode } = this.options;
    if (made.kind !== kind)
      return fail(raw, context, 'bad-value', PLUGIN_EXAMPLES[kind], `this is the ${made.kind} ${made.name}`);
    const own = made.component as AnyComponent<K>;
    const component = inCode ? own : (registry.find(kind, made.name) ?? own);
    const options = inCode
      ? own.options().validate(made.written, context)
      : this.#readOptions(component, made.written, context);
    return map((decoded) => configure(component, decoded, { given: made.given }))(options);
  }

  /** A map with the name of a component and its options. */
  #readMap(raw: Readonly<Record<string, unknown>>, context: t.Context): t.Validation<ConfiguredComponent<K>> {
    const { kind } = this;
    const { registry } = this.options;
    const name = readType(raw, context, choice(registry, kind));
    if (typeof name !== 'string') return left([name]);
    const component = registry.find(kind, name);
    if (component === undefined) {
      const key = Object.keys(raw).find(isTypeKey) as string;
      const at = t.appendContext(context, key, t.string, name);
      const hint = hintForUnknown(name, registry.names(kind));
      return fail(name, at, 'unknown-plugin-type', choice(registry, kind), hint);
    }
    const options = Object.fromEntries(Object.entries(raw).filter(([key]) => !isTypeKey(key)));
    return map((decoded) => configure(component, decoded))(this.#readOptions(component, options, context));
  }

  /** Reports the files of a refused component: its wrong keys are left out, and those that it needs are taken from its example. */
  #reportFiles(raw: unknown, context: t.Context, issues: t.Errors): void {
    if (!isMap(raw)) return;
    const component = this.options.registry.find(this.kind, String(raw[Object.keys(raw).find(isTypeKey) ?? 'type']));
    const wrong = new Set(issues.map((issue) => issue.context[context.length]?.key));
    if (component === undefined || wrong.has(undefined)) return;
    const kept = Object.entries(raw).filter(([key]) => !wrong.has(key));
    const known = new Set(kept.map(([key]) => foldKey(key)));
    const filled = Object.entries(component.example ?? {}).filter(([key]) => !known.has(foldKey(key)));
    const configured = this.#read(Object.fromEntries([...filled, ...kept]), context);
    if (isLeft(configured)) return;
    const { traits } = configured.right;
    const ofExample = new Set(filled.map(([key]) => foldKey(key)));
    const files = traits.files?.filter(({ key = '' }) => !ofExample.has(foldKey(key.split('.')[0] as string)));
    this.options.onConfigured({ ...configured.right, traits: { ...traits, ...defined({ files }) } }, context);
  }
}

/**
 * Reads a component of one kind, ready to be created:
 * - `{ type: NAME, ...options }`, where `type` is found in any case and its value is taken exactly. The other keys are read by
 *   the component's own codec.
 * - A value that was made in code by calling a component: it stands for its name and its options, which are read again
 *   here, by the registry's component of that name if there is one. So every issue has its place in the whole config,
 *   and each run makes its own component.
 * - Any other value that fits the kind: a user's own component, which is used as it is.
 */
export function pluginCodec<K extends PluginKind, W>(
  kind: K,
  options: PluginCodecOptions,
): Codec<ConfiguredComponent<K>, W> {
  const reader = new ComponentReader(kind, options);
  const codec = new t.Type<ConfiguredComponent<K>, W, unknown>(
    PLUGIN_EXAMPLES[kind],
    (raw): raw is ConfiguredComponent<K> => isConfigured(kind, raw),
    (raw, context) => reader.validate(raw, context),
    // A configured component is also a valid written form.
    (configured) => configured as W,
  );
  return withSchema(codec, () => ({ $ref: `#/definitions/${kind}ByType` }));
}
