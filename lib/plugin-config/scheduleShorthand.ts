import type { PluginCodecs } from '../plugin/descriptor.js';
import { shorthand } from './shorthand.js';

/** A list of schedules stands for `{ type: composite, nested: [...] }`. */
export function scheduleShorthand(codec: PluginCodecs['schedule']): PluginCodecs['schedule'] {
  return shorthand(
    codec,
    (raw) => (Array.isArray(raw) ? { map: { type: 'composite', nested: raw as unknown[] }, key: 'nested' } : undefined),
    { type: 'array', items: { $ref: '#/definitions/schedule' } },
  );
}
