import type { Codec } from '../codec/codec.js';
import { scalar } from '../codec/scalar.js';
import { Substituted } from '../codec/substituted.js';

const LEVELS = new Set(['debug', 'info', 'warn', 'error', 'dpanic', 'panic', 'fatal']);

/** A log level in any case; empty means info. */
export const logLevel: Codec<string> = scalar('one of debug, info, warn, error, dpanic, panic, fatal', (raw) => {
  const written = raw instanceof Substituted ? raw.text : raw;
  if (typeof written !== 'string') return { code: 'wrong-type' };
  const level = written === '' ? 'info' : written.toLowerCase();
  return LEVELS.has(level) ? { value: level } : { code: 'one-of' };
});
