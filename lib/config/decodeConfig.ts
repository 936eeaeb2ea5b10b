import { type Either, map, mapLeft } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as t from 'io-ts';
import { adviceFor, unlikely } from '../codec/advice.js';
import type { CodecIssue } from '../codec/issue.js';
import type { ConfigDocument } from '../codec/report/document.js';
import { issuesOf } from '../codec/report/issues.js';
import { isMap } from '../codec/struct.js';
import type { UsedModules } from '../plugin/operatorCodec.js';
import { pluginCodecs } from '../plugin/pluginCodecs.js';
import type { Registry } from '../plugin/registry.js';
import type { Config } from './config.js';
import { mainCodec } from './mainCodec.js';

/** What {@link decodeConfig} may know besides the value. */
export interface DecodeOptions {
  /** Where the value comes from, for the places of warnings. Default: nowhere. */
  readonly document?: ConfigDocument;
  /** The modules that components may name by `use`; {@link loadConfig} loads those of a config. */
  readonly used?: UsedModules;
}

/** A config without the keys at its top that begin with `x-`: they are free, such as for anchors of YAML. */
function withoutFreeKeys(value: unknown): unknown {
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => !/^x-/i.test(key)));
}

/**
 * Checks a whole config, already parsed, against the components of a registry; every issue is found. Pure: nothing is
 * opened, resolved or made.
 *
 * @example
 * decodeConfig({ pools: [{ gun: { type: 'http' } }] }, builtins()); // left: what is missing and what is wrong
 */
export function decodeConfig(
  value: unknown,
  registry: Registry,
  { document = { name: 'config', value, place: () => undefined }, used }: DecodeOptions = {},
): Either<readonly CodecIssue[], Config> {
  const warnings: CodecIssue[] = [];
  const codec = mainCodec(
    pluginCodecs(registry, {
      onAccepted: (plugin, options, context) => warnings.push(...adviceFor(plugin, options, context)),
      used,
    }),
  );
  const raw = withoutFreeKeys(value ?? {});
  return pipe(
    codec.decode(raw),
    mapLeft((errors) => errors as CodecIssue[]),
    map(({ pools, ...rest }): Config => {
      const top = [{ key: '', type: codec, actual: raw }];
      warnings.push(...adviceFor(codec, raw, top));
      if (pools.length === 0) {
        const at = t.appendContext(top, 'pools', t.unknown, []);
        warnings.push(unlikely([], at, 'a pool', 'the list is empty, so nothing is shot'));
      }
      return {
        ...rest,
        pools: pools.map((pool, index) => ({ ...pool, id: pool.id === '' ? `pool_${index}` : pool.id })),
        warnings: issuesOf(warnings, document),
        name: document.name,
      };
    }),
  );
}
