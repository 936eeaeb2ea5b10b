import type { ReferenceSource } from '../codec/text/substitute.js';
import type { OperatorPoint } from '../core/component.js';
import { moduleCodec } from './moduleCodec.js';
import { operatorCodec, type UsedModules } from './operatorCodec.js';
import type { PartCodecs } from './part.js';
import { type PluginCodecOptions, pluginCodec } from './pluginCodec.js';
import type { Registry } from './registry.js';
import { scheduleShorthand, sinkShorthand, sourceShorthand } from './shorthands.js';

/** How {@link pluginCodecs} reads. */
export interface PluginCodecsOptions {
  /** Called with the options of every component that was accepted, and the codec that read them. */
  readonly onAccepted?: PluginCodecOptions['onAccepted'];
  /** Called with every component that was accepted, also inside one that is refused. */
  readonly onConfigured?: PluginCodecOptions['onConfigured'];
  /** The modules that operators may name by `use`. */
  readonly used?: UsedModules | undefined;
  /** Where the values of `${...}` references come from, in files that components read. Default: none has a value. */
  readonly references?: ReferenceSource;
  /** True in code, where a component inside reads its options by its own parts. Default: by the registry. */
  readonly inCode?: boolean;
}

const NO_REFERENCES: ReferenceSource = {
  env: {},
  readFile: () => {
    throw new Error('files are not read here');
  },
};

/**
 * The codecs that read components of every kind, by what a registry holds. Shorthands:
 * - a list of schedules is a `composite`, at any depth;
 * - text for a sink is `stdout`, `stderr` or the path of a file;
 * - text for a source is `stdin`, an http(s) address or the path of a file.
 *
 * @example
 * pluginCodecs(builtins()).schedule.decode([{ type: 'const', ops: 5, duration: '10s' }, { type: 'once', times: 1 }]);
 */
export function pluginCodecs(
  registry: Registry,
  {
    onAccepted = () => undefined,
    onConfigured = () => undefined,
    used = new Map(),
    references = NO_REFERENCES,
    inCode = false,
  }: PluginCodecsOptions = {},
): PartCodecs {
  const options: PluginCodecOptions = { registry, plugins: () => codecs, onAccepted, onConfigured, inCode };
  const operator = <P extends OperatorPoint>(at: P) => operatorCodec(at, { ...options, used });
  const codecs: PartCodecs = {
    schedule: scheduleShorthand(pluginCodec('schedule', options)),
    provider: pluginCodec('provider', options),
    gun: pluginCodec('gun', options),
    aggregator: pluginCodec('aggregator', options),
    source: sourceShorthand(pluginCodec('source', options)),
    sink: sinkShorthand(pluginCodec('sink', options)),
    middleware: pluginCodec('middleware', options),
    observer: pluginCodec('observer', options),
    operator: { ticks: operator('ticks'), shots: operator('shots'), samples: operator('samples') },
    references,
    module: moduleCodec((specifier) => used.get(specifier)?.exports),
  };
  return codecs;
}
