import type { Nanos } from '../core/units.js';
import type { Codec } from './codec.js';
import { parseDuration } from './parseDuration.js';
import { scalar } from './scalar.js';
import { Substituted } from './substituted.js';

const INTEGER = /^[+-]?\d+$/;

/**
 * A length of time as text (`30s`, `1m30s`, `1.5h`, `250ms`), in nanoseconds. A bare number is nanoseconds, as in Pandora.
 */
export const duration: Codec<Nanos> = scalar<Nanos>('duration such as 30s', (raw) => {
  if (typeof raw === 'number' && Number.isFinite(raw)) return { value: Math.trunc(raw) };
  if (raw instanceof Substituted && INTEGER.test(raw.text)) return { value: Number(raw.text) };
  const written = raw instanceof Substituted ? raw.text : raw;
  if (typeof written !== 'string') return { code: 'wrong-type' };
  const value = parseDuration(written);
  if (value !== undefined) return { value };
  return INTEGER.test(written)
    ? { code: 'bad-duration', hint: `add a unit: ${written}s, ${written}ms` }
    : { code: 'bad-duration', hint: 'units are ns, us, ms, s, m, h' };
});
