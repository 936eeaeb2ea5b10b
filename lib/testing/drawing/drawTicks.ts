import type { Millis } from '../../core/units.js';
import { type Cells, PicturedError, pictureOf } from './pictureOf.js';

/** How many ticks are shown before and after the one that differs. */
const AROUND = 5;

/** Ticks as marks: each is the last digit of its number; several at one moment are a group. */
function cellsOf(moments: readonly Millis[], from: number, until: number): Cells {
  const marks = new Map<number, string>();
  moments.slice(from, until).forEach((at, i) => {
    const moment = Number(at.toFixed(3));
    marks.set(moment, (marks.get(moment) ?? '') + String((from + i) % 10));
  });
  return new Map([...marks].map(([moment, all]) => [moment, all.length > 1 ? `(${all})` : all]));
}

/**
 * The error for ticks that differ from the expected ones: the difference, and a picture of the ticks around it. Marks
 * are last digits of tick numbers; gaps are in milliseconds.
 */
export function drawTicks(
  what: string,
  expected: readonly Millis[] | undefined,
  actual: readonly Millis[],
  around: number,
): PicturedError {
  const from = Math.max(0, around - AROUND);
  const until = around + AROUND + 1;
  const lines = [
    ...(expected === undefined ? [] : [{ label: 'expected', cells: cellsOf(expected, from, until) }]),
    { label: 'actual', cells: cellsOf(actual, from, until) },
  ];
  const moment = expected?.[around] ?? actual[around];
  const picture = pictureOf(lines, moment === undefined ? undefined : Number(moment.toFixed(3)));
  const shown = from === 0 && until >= actual.length ? '' : `, ticks ${from} to ${Math.min(until, actual.length) - 1}`;
  const text = picture.text.replaceAll(/^/gm, '  ');
  const [first = '', second] = picture.lines;
  const message = `${what}${shown}\n\n${text}\n`;
  return second === undefined
    ? new PicturedError(message, what, first, 'expectTicks')
    : new PicturedError(message, first, second, 'expectTicks');
}
