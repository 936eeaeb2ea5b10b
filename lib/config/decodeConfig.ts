import { type Either, map, mapLeft } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { type Advice, adviceFor } from '../codec/advice.js';
import type { Flaw } from '../codec/issue.js';
import { type Path, pathOf, pathText } from '../codec/report/path.js';
import type { UsedModules } from '../plugin/operatorCodec.js';
import { pluginCodecs } from '../plugin/pluginCodecs.js';
import type { Registry } from '../plugin/registry.js';
import type { Config } from './config.js';
import { mainCodec } from './mainCodec.js';

/**
 * Checks a whole config, already parsed, against the components of a registry; every flaw is found. Pure: nothing is
 * opened, resolved or made.
 *
 * @param describePlace How warnings name a place. Default: by its path.
 * @param used The modules that operators may name by `use`; {@link loadConfig} loads those of a config.
 * @example
 * decodeConfig({ pools: [{ gun: { type: 'http' } }] }, builtins()); // left: what is missing and what is wrong
 */
export function decodeConfig(
  value: unknown,
  registry: Registry,
  describePlace: (path: Path) => string = pathText,
  used?: UsedModules,
): Either<readonly Flaw[], Config> {
  const advice: Advice[] = [];
  const codec = mainCodec(
    pluginCodecs(registry, {
      onAccepted: (plugin, options, context) => advice.push(...adviceFor(plugin, options, context)),
      used,
    }),
  );
  const raw = value ?? {};
  return pipe(
    codec.decode(raw),
    mapLeft((errors) => errors as Flaw[]),
    map(({ pools, ...rest }): Config => {
      advice.push(...adviceFor(codec, raw, [{ key: '', type: codec, actual: raw }]));
      const warnings = advice.map(({ context, message }) => `${describePlace(pathOf(context))}: ${message}`);
      if (pools.length === 0) warnings.push(`${describePlace(['pools'])}: the list is empty, so nothing is shot`);
      return {
        ...rest,
        pools: pools.map((pool, index) => ({ ...pool, id: pool.id === '' ? `pool_${index}` : pool.id })),
        warnings,
      };
    }),
  );
}
