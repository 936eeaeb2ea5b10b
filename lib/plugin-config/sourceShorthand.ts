import type { PluginCodecs } from '../plugin/descriptor.js';
import { shorthand } from './shorthand.js';

/** Text stands for a data source: `stdin`, an http(s) address, or the path of a file. */
export function sourceShorthand(codec: PluginCodecs['source']): PluginCodecs['source'] {
  return shorthand(
    codec,
    (raw) => {
      if (typeof raw !== 'string') return undefined;
      if (raw === 'stdin') return { map: { type: 'stdin' } };
      return /^https?:\/\//i.test(raw)
        ? { map: { type: 'url', url: raw }, key: 'url' }
        : { map: { type: 'file', path: raw }, key: 'path' };
    },
    { type: 'string' },
  );
}
