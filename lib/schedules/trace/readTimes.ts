import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';
import { gunzipSync } from 'node:zlib';
import type { InfoRecord } from 'csv-parse/sync';
import type { Log } from '../../core/deps.js';
import { excerpt } from '../../core/errorContext.js';
import { ElpisError, type ElpisErrorOptions, isElpisError } from '../../core/errors.js';
import type { Millis } from '../../core/units.js';
import { TimeList } from './timeList.js';

const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';
const TIME = /\[(\d\d)\/([A-Z][a-z][a-z])\/(\d{4}):(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))? ([+-])(\d\d)(\d\d)\]/;

/**
 * The time of a line of an access log, in epoch microseconds: `%t` of Apache's and `[$time_local]` of nginx' common and
 * combined formats, `[10/Oct/2000:13:55:36 -0700]`, with a fraction if there is one. Undefined for a line without one.
 */
function accessTime(line: string): number | undefined {
  const found = TIME.exec(line);
  if (found === null) return undefined;
  const [, day, month, year, hour, minute, second, fraction, sign, zoneHours, zoneMinutes] = found;
  const monthIndex = MONTHS.indexOf(month as string) / 3;
  const dayMs = Date.UTC(Number(year), monthIndex, Number(day));
  const exists = new Date(dayMs).getUTCDate() === Number(day) && Number(hour) < 24 && Number(minute) < 60;
  if (monthIndex < 0 || !Number.isInteger(monthIndex) || !exists) return undefined;
  const utcMs = dayMs + ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000;
  const zoneMs = (sign === '-' ? -1 : 1) * (Number(zoneHours) * 60 + Number(zoneMinutes)) * 60_000;
  return (utcMs - zoneMs) * 1000 + Math.round(Number(`0.${fraction || 0}`) * 1e6);
}

const CHUNK = 256 * 1024;

/** RFC 1952, 2.3.1. */
const isPacked = (start: Buffer): boolean => start[0] === 0x1f && start[1] === 0x8b;

function* chunksOf(file: string): Generator<Buffer> {
  const descriptor = openSync(file, 'r');
  try {
    for (let first = true; ; first = false) {
      const chunk = Buffer.allocUnsafe(CHUNK);
      const size = readSync(descriptor, chunk, 0, CHUNK, null);
      if (size === 0) return;
      if (first && isPacked(chunk)) {
        yield gunzipSync(readFileSync(file));
        return;
      }
      yield chunk.subarray(0, size);
    }
  } finally {
    closeSync(descriptor);
  }
}

function unreadable(file: string, cause: unknown): ElpisError {
  const { code, message } = Object(cause) as { readonly code?: unknown; readonly message?: unknown };
  const hint = code === 'ENOENT' ? { hint: 'a relative path starts at the working directory, not at the config' } : {};
  return new ElpisError('ELPIS_SOURCE', `${file}: cannot be read: ${String(message)}`, { cause, ...hint });
}

/**
 * The bytes of a file, read synchronously, because a plan needs its count before the run. Gzip is decompressed, as a
 * whole.
 *
 * @throws ElpisError `ELPIS_SOURCE` when it cannot be read.
 */
function* fileBytes(file: string): Generator<Buffer> {
  const chunks = chunksOf(file);
  try {
    for (;;) {
      let next: IteratorResult<Buffer>;
      try {
        next = chunks.next();
      } catch (cause) {
        throw unreadable(file, cause);
      }
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    chunks.return(undefined);
  }
}

const NEWLINE = 10;
const RETURN = 13;
const MAX_LINE_SIZE = 1024 * 1024;

/**
 * The lines of a file, without their ends. Each byte is a character, which is correct for ASCII.
 *
 * @throws ElpisError `ELPIS_SOURCE` when the file cannot be read or a line is longer than 1 MiB.
 */
function* linesOf(file: string): Generator<string> {
  let number = 0;
  let rest: Buffer = Buffer.alloc(0);
  for (const chunk of fileBytes(file)) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      number++;
      yield bytes.toString('latin1', start, bytes[end - 1] === RETURN ? end - 1 : end);
      start = end + 1;
    }
    rest = bytes.subarray(start);
    if (rest.length > MAX_LINE_SIZE) {
      const message = `${file}:${number + 1}: a line is longer than 1 MiB; expected lines of text with a time in each`;
      throw new ElpisError('ELPIS_SOURCE', message);
    }
  }
  if (rest.length > 0) yield rest.toString('latin1');
}

const START = /^(\d+(?:\.\d+)?)\t/;

/** The start of a shot in a line of phout, in epoch microseconds: the first column, in seconds. Undefined when there is none. */
function phoutTime(line: string): number | undefined {
  const found = START.exec(line);
  return found === null ? undefined : Math.round(Number(found[1]) * 1e6);
}

/** The format of a recorded trace. */
export type TraceFormat = 'access' | 'phout' | 'csv';

/** The unit of the numbers of a CSV trace. */
export type TraceUnit = 'auto' | 's' | 'ms' | 'us' | 'ns';

/** Options of `tracePlan`. */
export interface TraceOptions {
  /** Path of the file, gzipped or not. */
  readonly file: string;
  /**
   * `access`: an access log, common or combined, with `[10/Oct/2000:13:55:36 -0700]` in each line.
   * `phout`: Pandora's result file, whose first column is the start of a shot.
   * `csv`: a column of numbers or of ISO 8601 times.
   */
  readonly format: TraceFormat;
  /** For `csv`: number of the column, from 1, or its name in the first row. Default 1. */
  readonly column?: number | string;
  /** For `csv`: the unit of numbers. Default `auto`: by the size of the first one, seconds below 10^11. */
  readonly unit?: TraceUnit;
  /** The factor of the speed. Default 1. */
  readonly speed?: number;
  /** How many times it is played. Default 1. */
  readonly passes?: number;
  /**
   * The step of the recording clock in milliseconds: operations of one step are spread evenly over it. Default: 1000
   * for `access`, otherwise 0: operations with the same timestamp stay together.
   */
  readonly resolutionMs?: Millis;
  /** Logs how many timestamps were out of order. */
  readonly log?: Log;
}

const PER_MICRO: Readonly<Record<Exclude<TraceUnit, 'auto'>, number>> = { s: 1e6, ms: 1e3, us: 1, ns: 1e-3 };
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const ISO = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(\.\d+)?(Z|[+-]\d\d(?::?\d\d)?)?$/i;

/** The unit of a present epoch time, by its size: epoch seconds stay below 10^11 until the year 5138. */
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
 * Reads the cells of a column as times, in microseconds: numbers of a unit, or ISO 8601 times, which are UTC without a
 * written zone. With `auto` the first number determines the unit of all. Undefined for a cell without a time.
 */
function cellTime(unit: TraceUnit): (cell: string) => number | undefined {
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

/** An `ELPIS_SOURCE` error with its place: `access.log:12: "..." is not ...; expected ...`. */
function traceError(place: string, value: string, expected: string, options: ElpisErrorOptions = {}): ElpisError {
  return new ElpisError('ELPIS_SOURCE', `${place}: ${excerpt(value)} is not a time; expected ${expected}`, options);
}

const load = createRequire(import.meta.url);

const EXPECTED = 'a number such as 1700000000.25, or an ISO 8601 time such as 2024-05-01T12:00:00.25Z';

/** The index of a named column in the first row, from 0. */
function columnNamed(name: string, row: readonly string[], file: string): number {
  const found = row.findIndex((cell) => cell.trim() === name);
  if (found >= 0) return found;
  const message = `${file}:1: there is no column ${JSON.stringify(name)}; expected one of ${row.join(', ')}`;
  throw new ElpisError('ELPIS_SOURCE', message, { hint: 'a column can also be selected by its number, from 1' });
}

/**
 * Reads a column of times of a CSV file (RFC 4180; fields may also be separated by semicolons or tabs). A first row
 * without a time has the names of the columns.
 *
 * @throws ElpisError `ELPIS_SOURCE` with file and line.
 */
function readCsv(file: string, column: number | string, unit: TraceUnit, times: TimeList): void {
  const timeOf = cellTime(unit);
  let at = typeof column === 'number' ? column - 1 : undefined;
  let first = true;
  const visit = (row: readonly string[], { lines }: Pick<InfoRecord, 'lines'>): null => {
    const heading = first;
    first = false;
    if (at === undefined) {
      at = columnNamed(String(column), row, file);
      return null;
    }
    const cell = row[at] ?? '';
    const time = timeOf(cell);
    if (time !== undefined) times.add(time);
    else if (!heading) throw traceError(`${file}:${lines}`, cell, EXPECTED, { hint: `this is column ${at + 1}` });
    return null;
  };
  const { parse } = load('csv-parse/sync') as typeof import('csv-parse/sync');
  try {
    parse(Buffer.concat([...fileBytes(file)]), {
      bom: true,
      delimiter: [',', ';', '\t'],
      relax_column_count: true,
      skip_empty_lines: true,
      on_record: visit,
    });
  } catch (cause) {
    if (isElpisError(cause)) throw cause;
    const { message, lines } = Object(cause) as { readonly message?: unknown; readonly lines?: unknown };
    throw new ElpisError('ELPIS_SOURCE', `${file}:${String(lines ?? 1)}: is not CSV: ${String(message)}`, { cause });
  }
}

const LINES = {
  access: { timeOf: accessTime, expected: 'a line of an access log, with a time such as [10/Oct/2000:13:55:36 -0700]' },
  phout: { timeOf: phoutTime, expected: 'a line of phout, with seconds such as 1700000000.250 and a tab at its start' },
} as const;

/**
 * The times of the lines of a file; blank lines are skipped. @throws ElpisError `ELPIS_SOURCE` at a line without a
 * time.
 */
function readLines(file: string, format: keyof typeof LINES, times: TimeList): void {
  const { timeOf, expected } = LINES[format];
  let number = 0;
  // A loop instead of a pipeline: see D-035.
  for (const line of linesOf(file)) {
    number++;
    if (line.trim() === '') continue;
    const time = timeOf(line);
    if (time === undefined) throw traceError(`${file}:${number}`, line, expected, { hint: 'or choose another format' });
    times.add(time);
  }
}

/**
 * The timestamps of a recorded trace.
 *
 * @throws ElpisError `ELPIS_SOURCE` with file and line when the file cannot be read, a line has no time, or the file
 *   has none.
 */
export function readTimes({ file, format, column = 1, unit = 'auto' }: TraceOptions): TimeList {
  const times = new TimeList();
  if (format === 'csv') readCsv(file, column, unit, times);
  else readLines(file, format, times);
  if (times.size > 0) return times;
  throw new ElpisError('ELPIS_SOURCE', `${file}: contains no timestamps; expected at least one`);
}
