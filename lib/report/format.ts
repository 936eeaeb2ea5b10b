import type { Writable } from 'node:stream';
import type { Bytes, Millis, PerSecond } from '../core/units.js';

/** A count with commas between thousands. @example formatCount(1234567) // '1,234,567' */
export function formatCount(count: number): string {
  return Math.round(count)
    .toString()
    .replaceAll(/\B(?=(\d{3})+(?!\d))/g, ',');
}

const UNITS = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** A number of bytes in powers of 1024. @example formatBytes(1536) // '1.50 KiB' */
export function formatBytes(bytes: Bytes): string {
  if (bytes < 1024) return `${Math.round(bytes)} B`;
  let value = bytes / 1024;
  let unit = 0;
  while (value >= 1023.995 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value.toFixed(2)} ${UNITS[unit]}`;
}

/** A length of time as on a stop watch, whole seconds cut off. @example formatClock(62_500) // '01:02' */
export function formatClock(ms: Millis): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

/**
 * A length of time: seconds with a fraction up to two minutes, then as on a stop watch. @example formatLength(12_345)
 * // '12.3 s'
 */
export function formatLength(ms: Millis): string {
  return ms < 120_000 ? `${(ms / 1000).toFixed(1)} s` : formatClock(ms);
}

/**
 * Milliseconds in at most 4 digits below 10 s, without the unit: a short time has more decimals than a long one.
 *
 * @example
 * formatMs(1.2345); // '1.234'
 * formatMs(123.45); // '123.5'
 * formatMs(12345.6); // '12,346'
 */
export function formatMs(ms: Millis): string {
  if (ms >= 999.95) return formatCount(ms);
  if (ms >= 99.995) return ms.toFixed(1);
  return ms >= 9.9995 ? ms.toFixed(2) : ms.toFixed(3);
}

/** A part of a whole in percent; a small part is never shown as 0. @example formatPercent(1, 30000) // '<0.01 %' */
export function formatPercent(part: number, whole: number): string {
  if (whole <= 0) return '-';
  const percent = (part / whole) * 100;
  if (part > 0 && percent < 0.005) return '<0.01 %';
  return `${percent.toFixed(2)} %`;
}

/** A rate per second, three digits or whole; `-` when there is none. @example formatRate(49.98) // '50.0/s' */
export function formatRate(rate: PerSecond | null): string {
  if (rate === null) return '-';
  if (!Number.isFinite(rate)) return 'unlimited';
  if (rate >= 99.95) return `${formatCount(rate)}/s`;
  return `${rate >= 9.995 ? rate.toFixed(1) : rate.toFixed(2)}/s`;
}

/** The alignment of a column. */
export type Align = 'left' | 'right';

/**
 * Rows as lines, columns two spaces apart and as wide as their widest cell. Lines have no trailing blanks.
 *
 * @param align The alignment of each column; further columns are aligned right.
 * @example
 * formatTable([['a', '1'], ['bcd', '23']], ['left']); // ['a     1', 'bcd  23']
 */
export function formatTable(rows: readonly (readonly string[])[], align: readonly Align[] = []): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, cell.length);
    });
  }
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] as number;
        return align[column] === 'left' ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ')
      .trimEnd(),
  );
}

/**
 * Makes a text safe for one line of a terminal: control characters become `?`, and an ellipsis replaces the text
 * beyond `width`.
 *
 * @example
 * fitText('abcdef', 4); // 'abc…'
 */
export function fitText(text: string, width: number): string {
  const safe = text.replaceAll(/\p{Cc}/gu, '?');
  return safe.length <= width ? safe : `${safe.slice(0, Math.max(0, width - 1))}…`;
}

/**
 * Breaks a text between words into lines of at most `width`; an empty text has none. Control characters become `?`. A
 * longer word is not cut: it has its own line.
 *
 * @example
 * wrapText('one two three', 8); // ['one two', 'three']
 */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.replaceAll(/\p{Cc}/gu, '?').split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else if (word !== '') lines.push(word);
  }
  return lines;
}

/** The text for operations without a tag. */
export const NO_TAG = '(no tag)';

/** The text of a tag: `(no tag)` for an empty tag and for `__EMPTY__`. */
export function shownTag(tag: string): string {
  return tag === '' || tag === '__EMPTY__' ? NO_TAG : tag;
}

/** The stream of a text for users: a terminal, a file or a pipe. */
export type TextStream = Writable & { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number };

/**
 * True when a text has colours: on a terminal, unless `NO_COLOR` is set (https://no-color.org). `FORCE_COLOR` has
 * priority.
 */
export function useColour(stream: TextStream, env: Readonly<Record<string, string | undefined>>): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '0') return true;
  return stream.isTTY === true && env.TERM !== 'dumb';
}
