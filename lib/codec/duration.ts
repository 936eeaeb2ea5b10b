import type { Nanos } from '../core/units.js';
import type { Codec } from './codec.js';
import { parseDuration } from './parseDuration.js';
import { parseInteger } from './parseInteger.js';
import { scalar } from './scalar.js';
import { Substituted } from './substituted.js';

const BARE = /^[+-]?\d+(\.\d+)?$/;
const SUSPICIOUS_BELOW_NS = 1e6;

const SCHEMA = {
  type: ['number', 'string'],
  pattern: '^[+-]?(0|((\\d+\\.?\\d*|\\.\\d+)(ns|us|µs|μs|ms|s|m|h))+)$',
};
const advise = (raw: unknown): string | undefined => {
  const ns = raw instanceof Substituted ? (parseInteger(raw.text) ?? 0) : raw;
  if (typeof ns !== 'number' || ns === 0 || Math.abs(ns) >= SUSPICIOUS_BELOW_NS) return undefined;
  return 'a bare number is nanoseconds; write a unit if another was meant, such as 5s';
};

/**
 * A length of time as text (`30s`, `1m30s`, `1.5h`, `250ms`), in nanoseconds. A bare number is nanoseconds, as in Pandora.
 */
export const duration: Codec<Nanos> = scalar<Nanos>({ name: 'duration such as 30s', schema: SCHEMA, advise }, (raw) => {
  if (typeof raw === 'number' && Number.isFinite(raw)) return { value: Math.trunc(raw) };
  const whole = raw instanceof Substituted ? parseInteger(raw.text) : undefined;
  if (whole !== undefined) return { value: whole };
  const written = raw instanceof Substituted ? raw.text : raw;
  if (typeof written !== 'string') return { code: 'wrong-type' };
  const value = parseDuration(written);
  if (value !== undefined) return { value };
  return BARE.test(written)
    ? { code: 'bad-duration', hint: `add a unit: ${written}s or ${written}ms` }
    : { code: 'bad-duration', hint: 'units are ns, us, ms, s, m, h, such as 1m30s' };
});
