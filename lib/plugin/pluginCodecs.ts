import type * as t from 'io-ts';
import type { OperatorPoint } from '../core/component.js';
import type { PluginCodecs } from './descriptor.js';
import { moduleCodec } from './moduleCodec.js';
import { operatorCodec, type UsedModules } from './operatorCodec.js';
import { type PluginCodecOptions, pluginCodec } from './pluginCodec.js';
import type { Registry } from './registry.js';
import { scheduleShorthand, sinkShorthand, sourceShorthand } from './shorthands.js';

/** Told the options of every component that was accepted, with the codec that read them. */
export type OnAccepted = PluginCodecOptions['onAccepted'];

/**
 * The codecs that read components of every kind, by what a registry holds. Shorthands:
 * - a list of schedules is a `composite`, at any depth;
 * - text for a sink is `stdout`, `stderr` or the path of a file;
 * - text for a source is `stdin`, an http(s) address or the path of a file.
 *
 * @param used The modules that components may name by `use`.
 * @example
 * pluginCodecs(builtins()).schedule.decode([{ type: 'const', ops: 5, duration: '10s' }, { type: 'once', times: 1 }]);
 */
export function pluginCodecs(
  registry: Registry,
  onAccepted: OnAccepted = () => undefined,
  used: UsedModules = new Map(),
): PluginCodecs {
  const options: PluginCodecOptions = { registry, plugins: () => codecs, onAccepted };
  const operator = <P extends OperatorPoint>(at: P) => operatorCodec(at, { ...options, used });
  const codecs: PluginCodecs = {
    schedule: scheduleShorthand(pluginCodec('schedule', options)),
    provider: pluginCodec('provider', options),
    gun: pluginCodec('gun', options),
    aggregator: pluginCodec('aggregator', options),
    source: sourceShorthand(pluginCodec('source', options)),
    sink: sinkShorthand(pluginCodec('sink', options)),
    middleware: pluginCodec('middleware', options),
    operator: { ticks: operator('ticks'), shots: operator('shots'), samples: operator('samples') },
    module: moduleCodec((specifier) => used.get(specifier)?.exports),
  } satisfies { readonly [K in keyof PluginCodecs]: t.Mixed | PluginCodecs['operator'] };
  return codecs;
}
