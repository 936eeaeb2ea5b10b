/** What happens at one moment, drawn: a letter, `|`, `#`, or a group such as `(ab|)`. */
export type Cells = ReadonlyMap<number, string>;

/** A longer silence is written as its length. */
const LONGEST_DASHES = 24;

/** Moments rising, each with its column; and how each silence after a moment is drawn. */
export interface Timeline {
  readonly lines: readonly string[];
  /** The column of a moment that is drawn. */
  columnOf(moment: number): number | undefined;
}

const number = (ms: number): string => String(Number(ms.toFixed(3)));

/**
 * Draws several lines over one time, aligned: what happens at the same moment stands in the same column, and a character is
 * a frame, as in RxJS's marbles. Blanks only align and take no time.
 *
 * ```text
 * --a--(bc|)
 * --a--b   --|
 * ```
 */
export function timeline(lines: readonly Cells[]): Timeline {
  const moments = [...new Set(lines.flatMap((cells) => [...cells.keys()]))].sort((a, b) => a - b);
  const drawn = lines.map(() => '');
  const columns = new Map<number, number>();
  const pad = (): void => {
    const width = Math.max(...drawn.map(({ length }) => length));
    drawn.forEach((line, i) => {
      drawn[i] = line.padEnd(width);
    });
  };
  /** Draws what is silent from the end of each line's last mark, at `ends`, to `until`. */
  const silence = (ends: readonly number[], until: number): void => {
    drawn.forEach((line, i) => {
      const gap = until - (ends[i] as number);
      if (gap <= 0) return;
      const dashes = Number.isInteger(gap) && gap <= LONGEST_DASHES;
      drawn[i] = line + (dashes ? '-'.repeat(gap) : ` ${number(gap)}ms `);
    });
    pad();
  };
  let ends: readonly number[] = lines.map(() => 0);
  for (const moment of moments) {
    silence(ends, moment);
    columns.set(moment, drawn[0]?.length ?? 0);
    ends = lines.map((cells, i) => {
      const cell = cells.get(moment);
      drawn[i] += cell ?? '';
      // A silent line goes on being silent from here.
      return moment + (cell?.length ?? 0);
    });
    if (moment === moments.at(-1)) pad();
  }
  return { lines: drawn.map((line) => line.trimEnd()), columnOf: (moment) => columns.get(moment) };
}
