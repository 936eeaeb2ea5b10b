import type { Millis } from '../core/units.js';
import { checked } from './bounds.js';
import type { Codec } from './issue.js';
import { Reference } from './reference.js';
import { parseInteger, scalar } from './scalars.js';

const NS_PER_MS = 1e6;
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
/** The digits of a fraction that are read; further digits are below a nanosecond in any unit. */
const FRACTION_DIGITS = 18;
const MAX_DURATION_NS = 2n ** 63n;

/**
 * Reads a duration in Go's notation (https://pkg.go.dev/time#ParseDuration): one or more decimals with a unit, an
 * optional sign, or a lone `0`. Returns milliseconds, or undefined when the text is not a duration or is longer than
 * 292 years. Exact to the nanosecond below 2^51 ns (26 days).
 *
 * @example
 * parseDuration('1m30s'); // 90_000
 * parseDuration('10'); // undefined: the unit is missing
 */
export function parseDuration(text: string): Millis | undefined {
  if (/^[+-]?0$/.test(text)) return 0;
  if (!WHOLE.test(text)) return undefined;
  const negative = text.startsWith('-');
  let total = 0n;
  for (const [, whole = '', fraction = '', unit = ''] of text.matchAll(PART)) {
    const unitNs = UNIT_NS[unit] as number;
    const digits = fraction.slice(0, FRACTION_DIGITS);
    const below = Math.trunc(Number(digits) * (unitNs / 10 ** digits.length));
    total += BigInt(whole === '' ? 0 : whole) * BigInt(unitNs) + BigInt(below);
    if (total > MAX_DURATION_NS) return undefined;
  }
  if (total === MAX_DURATION_NS && !negative) return undefined;
  return Number(negative ? -total : total) / NS_PER_MS;
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
  return 'a bare number is nanoseconds; write a unit for any other, such as 5s';
};

const UNITS: readonly (readonly [ns: number, unit: string])[] = [
  [3600e9, 'h'],
  [60e9, 'm'],
  [1e9, 's'],
  [1e6, 'ms'],
  [1e3, 'us'],
];

/** A duration as text for a config. @example durationText(90_000) // '90s' */
export function durationText(ms: Millis): string {
  const ns = Math.round(ms * NS_PER_MS);
  const [size, unit] = UNITS.find(([candidate]) => ns >= candidate && ns % candidate === 0) ?? [1, 'ns'];
  return ns === 0 ? '0s' : `${ns / size}${unit}`;
}

const ABOUT = { name: 'a duration such as 30s', schema: SCHEMA, advise, encode: durationText };

/**
 * A length of time as text (`30s`, `1m30s`, `1.5h`, `250ms`), in milliseconds.
 *
 * In a file a bare number is nanoseconds, as in Pandora. In code a bare number does not compile, because all other
 * times in code are milliseconds.
 */
export const duration: Codec<Millis, string> = scalar<Millis, string>(ABOUT, (raw, referenced) => {
  if (typeof raw === 'number' && Number.isFinite(raw)) {
    if (Math.abs(raw) >= Number(MAX_DURATION_NS)) return { code: 'bad-duration', hint: 'at most 292 years' };
    return { value: Math.trunc(raw) / NS_PER_MS };
  }
  if (typeof raw !== 'string') return { code: 'wrong-type' };
  const whole = referenced ? parseInteger(raw) : undefined;
  const value = whole === undefined ? parseDuration(raw) : whole / NS_PER_MS;
  if (value !== undefined) return { value };
  return BARE.test(raw)
    ? { code: 'bad-duration', hint: `add a unit: ${raw}s or ${raw}ms` }
    : { code: 'bad-duration', hint: 'units are ns, us, ms, s, m, h, such as 1m30s' };
});

/** A length of time as text. @example lengthText(60_000) // '60 s' */
export function lengthText(ms: Millis): string {
  if (ms > 0 && ms < 1000) return `${Number(ms.toPrecision(6))} ms`;
  return ms <= 120_000 ? `${Number((ms / 1000).toPrecision(6))} s` : durationText(ms);
}

/** A duration of at least `minMs` milliseconds. */
export function atLeastMs(minMs: Millis): Codec<Millis, string> {
  return checked(duration, (ms) => ms >= minMs, `${duration.name}, at least ${minMs}ms`, 'min-time', {
    hint: (ms, raw) =>
      typeof raw === 'number' && ms > 0 ? `a bare number is nanoseconds; write ${raw}s or ${raw}ms` : undefined,
    schema: { minimum: minMs * NS_PER_MS },
  });
}
