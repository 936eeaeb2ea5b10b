import type { Nanos } from '../core/units.js';

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
