import type { TraceUnit } from './traceOptions.js';

const PER_MICRO: Readonly<Record<Exclude<TraceUnit, 'auto'>, number>> = { s: 1e6, ms: 1e3, us: 1, ns: 1e-3 };
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const ISO = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(\.\d+)?(Z|[+-]\d\d(?::?\d\d)?)?$/i;

/** What a number of today counts, by its size: epoch seconds stay below 10^11 until the year 5138. */
function unitBySize(size: number): Exclude<TraceUnit, 'auto'> {
  if (size < 1e11) return 's';
  if (size < 1e14) return 'ms';
  return size < 1e17 ? 'us' : 'ns';
}

function zoneOf(written = 'Z'): string {
  if (written.toUpperCase() === 'Z') return 'Z';
  const digits = written.replace(':', '').padEnd(5, '0');
  return `${digits.slice(0, 3)}:${digits.slice(3)}`;
}

/**
 * Reads the cells of a column as times, in microseconds: numbers of a unit, or ISO 8601 times, which are UTC where no zone is
 * written. With `auto` the first number decides about the unit of all. Undefined when a cell holds no time.
 */
export function cellTime(unit: TraceUnit): (cell: string) => number | undefined {
  let perMicro = unit === 'auto' ? undefined : PER_MICRO[unit];
  return (cell) => {
    const text = cell.trim();
    if (NUMBER.test(text)) {
      const value = Number(text);
      perMicro ??= PER_MICRO[unitBySize(Math.abs(value))];
      const time = Math.round(value * perMicro);
      return Number.isSafeInteger(time) ? time : undefined;
    }
    const iso = ISO.exec(text);
    if (iso === null) return undefined;
    const [, date, clock, fraction = '', zone] = iso;
    const wholeMs = Date.parse(`${date}T${clock}${zoneOf(zone)}`);
    return Number.isNaN(wholeMs) ? undefined : wholeMs * 1000 + Math.round(Number(`0${fraction}`) * 1e6);
  };
}
