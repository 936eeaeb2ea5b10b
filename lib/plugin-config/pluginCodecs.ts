import type { ComponentKind } from '../core/component.js';
import type { PluginCodecs } from '../plugin/descriptor.js';
import type { Registry } from '../plugin/registry.js';
import { pluginCodec } from './pluginCodec.js';
import { expandShorthand } from './shorthand.js';

const KINDS: readonly ComponentKind[] = ['schedule', 'provider', 'gun', 'aggregator', 'source', 'sink', 'middleware'];

/**
 * Joins a registry with the config framework: for every extension point a codec that reads `{ type, ...options }`, or one of
 * its shorthands, into a component that is ready to be created.
 *
 * @example
 * pluginCodecs(registry).schedule.decode([{ type: 'once', times: 1 }]);
 */
export function pluginCodecs(registry: Registry): PluginCodecs {
  const codecs: Partial<Record<ComponentKind, unknown>> = {};
  for (const kind of KINDS) codecs[kind] = pluginCodec(kind, registry, () => codecs as PluginCodecs, expandShorthand);
  return codecs as PluginCodecs;
}
