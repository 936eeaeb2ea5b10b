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

/**
 * Reads a duration in Go's notation (https://pkg.go.dev/time#ParseDuration): one or more decimals with a unit, an
 * optional sign, or a lone `0`. Answers nanoseconds, or undefined when the text is no duration.
 *
 * @example
 * parseDuration('1m30s'); // 90_000_000_000
 * parseDuration('10'); // undefined: the unit is missing
 */
export function parseDuration(text: string): Nanos | undefined {
  if (/^[+-]?0$/.test(text)) return 0;
  if (!WHOLE.test(text)) return undefined;
  let total = 0;
  for (const [, whole = '', fraction = '', unit = ''] of text.matchAll(PART)) {
    const unitNs = UNIT_NS[unit] as number;
    total += Number(whole) * unitNs + Math.trunc(Number(fraction) * (unitNs / 10 ** fraction.length));
  }
  if (total > Number.MAX_SAFE_INTEGER) return undefined;
  return text.startsWith('-') ? -total : total;
}
