import type { PluginCodecs } from '../plugin/descriptor.js';
import { shorthand } from './shorthand.js';

/** Text stands for a data sink: `stdout`, `stderr`, or the path of a file. */
export function sinkShorthand(codec: PluginCodecs['sink']): PluginCodecs['sink'] {
  return shorthand(
    codec,
    (raw) => {
      if (typeof raw !== 'string') return undefined;
      return raw === 'stdout' || raw === 'stderr'
        ? { map: { type: raw } }
        : { map: { type: 'file', path: raw }, key: 'path' };
    },
    { type: 'string' },
  );
}
