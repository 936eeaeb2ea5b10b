import { isLeft, right } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { closest } from '../codec/closest.js';
import type { Codec } from '../codec/codec.js';
import { fail } from '../codec/fail.js';
import { isPlainMap } from '../codec/isPlainMap.js';
import type { ComponentKind, ComponentKinds } from '../core/component.js';
import type { Deps } from '../core/deps.js';
import type { Chosen } from '../plugin/chosen.js';
import type { PluginCodecs } from '../plugin/descriptor.js';
import type { Registry } from '../plugin/registry.js';

const SUMMARY: Readonly<Record<ComponentKind, string>> = {
  schedule: 'a schedule, such as {type: const, ops: 10, duration: 30s}',
  provider: 'a provider, such as {type: uri, file: ./ammo.uri}',
  gun: 'a gun, such as {type: http, target: "localhost:8080"}',
  aggregator: 'an aggregator, such as {type: phout, destination: ./phout.log}',
  source: 'a data source, such as ./file or {type: inline, data: text}',
  sink: 'a data sink, such as ./file or stdout',
  middleware: 'a middleware, such as {type: header/date}',
};

/** A value that was made in code instead of written in a config is taken as it is. */
function isChosen<K extends ComponentKind>(kind: K, raw: unknown): raw is Chosen<K> {
  return (
    typeof raw === 'object' &&
    raw !== null &&
    (raw as Partial<Chosen<K>>).kind === kind &&
    typeof (raw as Partial<Chosen<K>>).create === 'function'
  );
}

/**
 * The codec of one extension point: finds the component by `type` and reads the other keys with its codec.
 *
 * @param codecs Answers the codecs of all extension points, for components that contain others.
 * @param expand Expands shorthands to maps.
 */
export function pluginCodec<K extends ComponentKind>(
  kind: K,
  registry: Registry,
  codecs: () => PluginCodecs,
  expand: (kind: ComponentKind, raw: unknown) => unknown,
): Codec<Chosen<K>> {
  const expected = SUMMARY[kind];
  const validate: t.Validate<unknown, Chosen<K>> = (written, context) => {
    if (isChosen(kind, written)) return right(written);
    const raw = expand(kind, written);
    if (!isPlainMap(raw)) return fail(written, context, 'not-a-map', expected);
    const typeKeys = Object.keys(raw).filter((key) => key.toLowerCase() === 'type');
    const [typeKey, second] = typeKeys;
    if (typeKey === undefined) return fail(written, context, 'missing-type', `${expected}: the key type is missing`);
    const at = t.appendContext(context, typeKey, codec, raw[typeKey]);
    if (second !== undefined) return fail(raw[second], at, 'duplicate-key', 'one key type');
    const name = raw[typeKey];
    const known = registry.names(kind);
    if (typeof name !== 'string') return fail(name, at, 'wrong-type', `one of ${known.join(', ')}`);
    const descriptor = registry.find(kind, name);
    if (descriptor === undefined) {
      const near = closest(name, known);
      const hint = near === undefined ? undefined : `did you mean ${near}?`;
      return fail(name, at, 'unknown-plugin-type', `one of ${known.join(', ')}`, hint);
    }
    const options = Object.fromEntries(Object.entries(raw).filter(([key]) => key !== typeKey));
    const decoded = descriptor.codec(codecs()).validate(options, context);
    if (isLeft(decoded)) return decoded;
    const config = decoded.right;
    const create = (deps: Deps): ComponentKinds[K] => descriptor.create(config, deps);
    return right({ kind, name, config, create });
  };
  const codec: Codec<Chosen<K>> = new t.Type<Chosen<K>, unknown, unknown>(
    expected,
    (raw): raw is Chosen<K> => isChosen(kind, raw),
    validate,
    t.identity,
  );
  return codec;
}
