import { inspect, isDeepStrictEqual } from 'node:util';
import {
  type Cells,
  type FrameMessage,
  firstDifference,
  isMessages,
  isSubscriptions,
  Legend,
  PicturedError,
  pictureOf,
  type SubscriptionFrames,
} from './pictureOf.js';

function marksOf({ notification }: FrameMessage, legend: Legend): string {
  if (notification.kind === 'N') return legend.markOf(notification.value);
  return notification.kind === 'C' ? '|' : '#';
}

/** The marks of a stream, by frame. */
function cellsOf(messages: readonly FrameMessage[], legend: Legend): Cells {
  const marks = new Map<number, string>();
  for (const message of messages) {
    marks.set(message.frame, (marks.get(message.frame) ?? '') + marksOf(message, legend));
  }
  return new Map([...marks].map(([frame, all]) => [frame, all.length > 1 ? `(${all})` : all]));
}

/** The marks of a subscription: `^` for its begin, `!` for its end. */
function subscriptionCells({ subscribedFrame, unsubscribedFrame }: SubscriptionFrames): Cells {
  const ends = Number.isFinite(unsubscribedFrame) && unsubscribedFrame !== subscribedFrame;
  const begins: [number, string] = [subscribedFrame, unsubscribedFrame === subscribedFrame ? '(^!)' : '^'];
  return new Map(Number.isFinite(subscribedFrame) ? (ends ? [begins, [unsubscribedFrame, '!']] : [begins]) : []);
}

const indent = (text: string): string => text.replaceAll(/^/gm, '  ');
const valuesOf = (messages: readonly FrameMessage[]): unknown[] =>
  messages.flatMap(({ notification }) => (notification.kind === 'N' ? [notification.value] : []));
const errorsOf = (messages: readonly FrameMessage[]): unknown[] =>
  messages.flatMap(({ notification }) => (notification.kind === 'E' ? [notification.error] : []));

function errorLines(expected: readonly FrameMessage[], actual: readonly FrameMessage[]): readonly string[] {
  const [wanted, found] = [errorsOf(expected), errorsOf(actual)];
  if (wanted.length + found.length === 0) return [];
  if (isDeepStrictEqual(wanted, found)) return [`# = ${inspect(found[0], { compact: true })}`];
  const line = (label: string, errors: readonly unknown[]): string[] =>
    errors.map((error) => `# ${label} = ${error instanceof Error ? String(error) : inspect(error, { compact: true })}`);
  return [...line('expected', wanted), ...line('actual', found)];
}

function streams(expected: readonly FrameMessage[], actual: readonly FrameMessage[], where: string): PicturedError {
  const legend = new Legend([...valuesOf(expected), ...valuesOf(actual)]);
  const [wanted, found] = [cellsOf(expected, legend), cellsOf(actual, legend)];
  const moment = firstDifference(wanted, found);
  const picture = pictureOf(
    [
      { label: 'expected', cells: wanted },
      { label: 'actual', cells: found },
    ],
    moment,
  );
  const cellText = (cell: string | undefined): string => cell ?? 'nothing';
  const what =
    moment === undefined
      ? 'ends with an error that is not the drawn one'
      : `differs from its drawing at frame ${moment}: expected ${cellText(wanted.get(moment))}, found ${cellText(found.get(moment))}`;
  const key = [...legend.lines, ...errorLines(expected, actual)].join('\n');
  const message = `${where}the stream ${what}\n\n${indent(picture.text)}\n${key === '' ? '' : `\n${indent(key)}\n`}`;
  const [drawnExpected = '', drawnActual = ''] = picture.lines;
  return new PicturedError(message, withKey(drawnExpected, key), withKey(drawnActual, key), 'marbles');
}

const withKey = (line: string, key: string): string => (key === '' ? line : `${line}\n${key}`);

function subscriptions(
  expected: readonly SubscriptionFrames[],
  actual: readonly SubscriptionFrames[],
  where: string,
): PicturedError {
  const lines = [
    ...expected.map((log) => ({ label: 'expected', cells: subscriptionCells(log) })),
    ...actual.map((log) => ({ label: 'actual', cells: subscriptionCells(log) })),
  ];
  const picture = pictureOf(lines, undefined);
  const drawn = (from: number, to: number): string => picture.lines.slice(from, to).join('\n');
  const counts = `expected ${expected.length}, found ${actual.length}`;
  const what =
    expected.length === actual.length ? 'differ from their drawing' : `differ in number from their drawing: ${counts}`;
  return new PicturedError(
    `${where}the subscriptions ${what}\n\n${indent(picture.text)}\n`,
    drawn(0, expected.length),
    drawn(expected.length, lines.length),
    'marbles',
  );
}

/** The error for two lists of frames that differ, with a drawing of both. */
export function drawMismatch(expected: unknown, actual: unknown, title: string): PicturedError {
  const where = title === '' ? '' : `${title}: `;
  if (Array.isArray(expected) && Array.isArray(actual)) {
    const both = [...expected, ...actual];
    if (both.length > 0 && isSubscriptions(both)) {
      return subscriptions(expected as SubscriptionFrames[], actual as SubscriptionFrames[], where);
    }
    if (isMessages(both)) return streams(expected as FrameMessage[], actual as FrameMessage[], where);
  }
  const text = (value: unknown): string => inspect(value, { depth: 6 });
  return new PicturedError(
    `${where}expected ${text(expected)}, found ${text(actual)}`,
    text(expected),
    text(actual),
    'marbles',
  );
}
