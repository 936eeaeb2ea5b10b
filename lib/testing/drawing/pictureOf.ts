import { type Cells, timeline } from './timeline.js';

/** One line of a picture. */
export interface PictureLine {
  readonly label: string;
  readonly cells: Cells;
}

/** A picture: aligned lines, and a mark under the first moment that differs. */
export interface Picture {
  readonly text: string;
  readonly lines: readonly string[];
}

/** Draws lines over one time, each behind its label; `^` stands under `moment`. */
export function pictureOf(lines: readonly PictureLine[], moment: number | undefined): Picture {
  const drawn = timeline(lines.map(({ cells }) => cells));
  const width = Math.max(...lines.map(({ label }) => label.length)) + 2;
  const column = moment === undefined ? undefined : drawn.columnOf(moment);
  const text = [
    ...lines.map(({ label }, i) => `${label.padEnd(width)}${drawn.lines[i]}`.trimEnd()),
    ...(column === undefined ? [] : [`${' '.repeat(width + column)}^`]),
  ].join('\n');
  return { text, lines: drawn.lines };
}

/** The first moment at which two lines are not alike. */
export function firstDifference(expected: Cells, actual: Cells): number | undefined {
  const moments = [...new Set([...expected.keys(), ...actual.keys()])].sort((a, b) => a - b);
  return moments.find((moment) => expected.get(moment) !== actual.get(moment));
}
