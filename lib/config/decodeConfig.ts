import { type Either, map, mapLeft } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as t from 'io-ts';
import { adviceFor, unlikely } from '../codec/advice.js';
import type { CodecIssue } from '../codec/issue.js';
import { issuesOf } from '../codec/report/issues.js';
import { contextOf } from '../codec/report/path.js';
import { isMap } from '../codec/struct.js';
import type { UsedModules } from '../plugin/operatorCodec.js';
import { pluginCodecs } from '../plugin/pluginCodecs.js';
import type { Registry } from '../plugin/registry.js';
import type { Config } from './config.js';
import { type Document, valueDocument } from './document.js';
import { mainCodec } from './mainCodec.js';

/** What {@link decodeConfig} may know besides the value. */
export interface DecodeOptions {
  /** Where the value comes from, for the places of warnings. Default: nowhere. */
  readonly document?: Document;
  /** The modules that components may name by `use`; `loadConfig` loads those of a config. */
  readonly used?: UsedModules;
}

/** A config without the keys at its top that begin with `x-`: they are free, such as for anchors of YAML. */
function withoutFreeKeys(value: unknown): unknown {
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => !/^x-/i.test(key)));
}

/** The ids of pools, each once: an empty one becomes `pool_0` and so on, and one that is taken gets a number. */
function uniqueIds(written: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  const wanted = new Set(written);
  return written.map((id, index) => {
    let unique = id === '' ? `pool_${index}` : id;
    for (let n = 2; taken.has(unique) || (unique !== id && wanted.has(unique)); n++)
      unique = `${id || `pool_${index}`}_${n}`;
    taken.add(unique);
    return unique;
  });
}

/** The warning that a pool has the id of another. Pandora accepts that; here results and summaries are by id. */
function renamed(pool: number, id: string, raw: unknown): CodecIssue {
  const written = (raw as { readonly pools: readonly { readonly id?: unknown }[] }).pools[pool]?.id;
  const message = `another pool has the id ${JSON.stringify(written)}; this one is ${JSON.stringify(id)} in messages and results`;
  return {
    ...unlikely(written, contextOf(['pools', pool, 'id'], written), 'an id of its own', message),
    code: 'duplicate-id',
  };
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
  { document = valueDocument(value), used = new Map() }: DecodeOptions = {},
): Either<readonly CodecIssue[], Config> {
  const warnings: CodecIssue[] = [];
  const codec = mainCodec(
    pluginCodecs(registry, {
      onAccepted: (plugin, options, context) => warnings.push(...adviceFor(plugin, options, context)),
      used,
      references: document.references,
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
      warnings.push(...pools.flatMap(({ ammo }) => ammo.traits.warnings ?? []));
      const ids = uniqueIds(pools.map(({ id }) => id));
      warnings.push(
        ...ids.flatMap((id, i) => (pools[i]?.id === '' || pools[i]?.id === id ? [] : [renamed(i, id, raw)])),
      );
      return {
        ...rest,
        pools: pools.map((pool, i) => ({ ...pool, id: ids[i] as string })),
        warnings: issuesOf(warnings, document),
        document,
        registry,
        used,
      };
    }),
  );
}
