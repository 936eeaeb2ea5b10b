import { map, right } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { closest } from '../codec/closest.js';
import { fail } from '../codec/fail.js';
import type { Flaw } from '../codec/flaw.js';
import { isMap } from '../codec/isMap.js';
import { Substituted } from '../codec/substituted.js';
import { withSchema } from '../codec/withSchema.js';
import type { ComponentKind } from '../core/component.js';
import type { Chosen } from '../plugin/chosen.js';
import { isChosen } from '../plugin/isChosen.js';
import type { Registry } from '../plugin/registry.js';
import { isTypeKey } from './isTypeKey.js';
import { type OptionsReaderDeps, optionsReader } from './optionsReader.js';
import { PLUGIN_EXAMPLES } from './pluginExamples.js';
import { valueInCode } from './valueInCode.js';

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
  if (raw instanceof Substituted) return 'a reference can stand for text or a number, not for this; write the map';
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
): t.Type<Chosen<K>, unknown, unknown> {
  const readOptions = optionsReader(deps);
  const validate: t.Validate<unknown, Chosen<K>> = (raw, context) => {
    if (isChosen(kind, raw)) return right(raw);
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
      (config: unknown): Chosen<K> => ({
        kind,
        name,
        config,
        create: (deps) => descriptor.create(config, deps),
      }),
    )(readOptions(descriptor, options, context));
  };
  const codec = new t.Type<Chosen<K>, unknown, unknown>(
    PLUGIN_EXAMPLES[kind],
    (raw): raw is Chosen<K> => isChosen(kind, raw),
    validate,
    t.identity,
  );
  return withSchema(codec, () => ({ $ref: `#/definitions/${kind}ByType` }));
}
