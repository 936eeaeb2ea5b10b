import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js';
import type { Flaw } from '../codec/flaw.js';
import type { Registry } from '../plugin/registry.js';
import { pluginCodecs } from '../plugin-config/pluginCodecs.js';
import type { Config } from './config.js';
import { mainCodec } from './mainCodec.js';

/**
 * Checks a configuration value: everything that is wrong with it, or the configuration. Nothing is opened.
 *
 * @example
 * decodeConfig({ pools: [] }, builtins());
 */
export function decodeConfig(raw: unknown, registry: Registry): Either<readonly Flaw[], Config> {
  const decoded = mainCodec(pluginCodecs(registry)).decode(raw ?? {});
  if (isLeft(decoded)) return left(decoded.left as Flaw[]);
  const { pools, log, monitoring, plugins } = decoded.right;
  const warnings = pools.length === 0 ? ['pools is empty: nothing will be shot'] : [];
  return right({
    pools: pools.map((pool, i) => ({ ...pool, id: pool.id === '' ? `pool_${i}` : pool.id })),
    log,
    monitoring,
    plugins,
    warnings,
  });
}
