import type { Millis, Nanos } from '../core/units.js';
import { checked } from './bounds.js';
import type { Codec } from './issue.js';
import { Reference } from './reference.js';
import { parseInteger, scalar } from './scalars.js';

const UNIT_NS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};
const WHOLE = /^[+-]?((\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h))+$/;
const PART = /(\d*)\.?(\d*)(ns|us|µs|μs|ms|s|m|h)/g;
/** Digits of a fraction that count; the rest is below a nanosecond in any unit. */
const FRACTION_DIGITS = 18;
const LONGEST_NS = 2n ** 63n;

/**
 * Reads a duration in Go's notation (https://pkg.go.dev/time#ParseDuration): one or more decimals with a unit, an
 * optional sign, or a lone `0`. Answers nanoseconds, or undefined when the text is no duration or is longer than 292
 * years. Exact below 2^53 ns (104 days).
 *
 * @example
 * parseDuration('1m30s'); // 90_000_000_000
 * parseDuration('10'); // undefined: the unit is missing
 */
export function parseDuration(text: string): Nanos | undefined {
  if (/^[+-]?0$/.test(text)) return 0;
  if (!WHOLE.test(text)) return undefined;
  const negative = text.startsWith('-');
  let total = 0n;
  for (const [, whole = '', fraction = '', unit = ''] of text.matchAll(PART)) {
    const unitNs = UNIT_NS[unit] as number;
    const digits = fraction.slice(0, FRACTION_DIGITS);
    const below = Math.trunc(Number(digits) * (unitNs / 10 ** digits.length));
    total += BigInt(whole === '' ? 0 : whole) * BigInt(unitNs) + BigInt(below);
    if (total > LONGEST_NS) return undefined;
  }
  if (total === LONGEST_NS && !negative) return undefined;
  return Number(negative ? -total : total);
}

const BARE = /^[+-]?\d+(\.\d+)?$/;
const SUSPICIOUS_BELOW_NS = 1e6;

const SCHEMA = {
  type: ['number', 'string'],
  pattern: '^[+-]?(0|((\\d+\\.?\\d*|\\.\\d+)(ns|us|µs|μs|ms|s|m|h))+)$',
};
const advise = (raw: unknown): string | undefined => {
  const ns = raw instanceof Reference ? (parseInteger(raw.text) ?? 0) : raw;
  if (typeof ns !== 'number' || ns === 0 || Math.abs(ns) >= SUSPICIOUS_BELOW_NS) return undefined;
  return 'a bare number is nanoseconds; write a unit if another was meant, such as 5s';
};

/**
 * A length of time as text (`30s`, `1m30s`, `1.5h`, `250ms`), in nanoseconds. A bare number is nanoseconds, as in Pandora.
 */
export const duration: Codec<Nanos> = scalar<Nanos>({ name: 'duration such as 30s', schema: SCHEMA, advise }, (raw) => {
  if (typeof raw === 'number' && Number.isFinite(raw)) return { value: Math.trunc(raw) };
  const whole = raw instanceof Reference ? parseInteger(raw.text) : undefined;
  if (whole !== undefined) return { value: whole };
  const written = raw instanceof Reference ? raw.text : raw;
  if (typeof written !== 'string') return { code: 'wrong-type' };
  const value = parseDuration(written);
  if (value !== undefined) return { value };
  return BARE.test(written)
    ? { code: 'bad-duration', hint: `add a unit: ${written}s or ${written}ms` }
    : { code: 'bad-duration', hint: 'units are ns, us, ms, s, m, h, such as 1m30s' };
});

const UNITS: readonly (readonly [ns: number, unit: string])[] = [
  [3600e9, 'h'],
  [60e9, 'm'],
  [1e9, 's'],
  [1e6, 'ms'],
  [1e3, 'us'],
];

/** A length of time as it would be written in a config. @example durationText(90e9) // '90s' */
export function durationText(ns: Nanos): string {
  const [size, unit] = UNITS.find(([candidate]) => ns >= candidate && ns % candidate === 0) ?? [1, 'ns'];
  return ns === 0 ? '0s' : `${ns / size}${unit}`;
}

/** A duration of at least `minMs` milliseconds. */
export function atLeastMs(minMs: Millis): Codec<Nanos> {
  return checked(duration, (ns) => ns >= minMs * 1e6, `${duration.name}, at least ${minMs}ms`, 'min-time', {
    hint: (ns, raw) =>
      typeof raw === 'number' && ns > 0 ? `a bare number is nanoseconds; write ${raw}s or ${raw}ms` : undefined,
    schema: { minimum: minMs * 1e6 },
  });
}
