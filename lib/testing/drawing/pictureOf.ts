import { inspect, isDeepStrictEqual } from 'node:util';

/** The events of one moment as a mark: a letter, `|`, `#`, or a group such as `(ab|)`. */
export type Cells = ReadonlyMap<number, string>;

/** A longer gap is written as its length. */
const MAX_DASHES = 24;

/** Moments in order, each with its column and the text of the gap after it. */
export interface Timeline {
  readonly lines: readonly string[];
  /** The column of a moment that is drawn. */
  columnOf(moment: number): number | undefined;
}

const number = (ms: number): string => String(Number(ms.toFixed(3)));

/**
 * Draws several lines over one time, aligned: events of the same moment are in the same column, and a character is a
 * frame, as in the marbles of RxJS. Blanks only align and take no time.
 *
 * ```text
 * --a--(bc|)
 * --a--b   --|
 * ```
 */
function timeline(lines: readonly Cells[]): Timeline {
  const moments = [...new Set(lines.flatMap((cells) => [...cells.keys()]))].sort((a, b) => a - b);
  const drawn = lines.map(() => '');
  const columns = new Map<number, number>();
  const pad = (): void => {
    const width = Math.max(...drawn.map(({ length }) => length));
    drawn.forEach((line, i) => {
      drawn[i] = line.padEnd(width);
    });
  };
  /** Draws the gap from the end of each line's last mark, at `ends`, to `until`. */
  const silence = (ends: readonly number[], until: number): void => {
    drawn.forEach((line, i) => {
      const gap = until - (ends[i] as number);
      if (gap <= 0) return;
      const dashes = Number.isInteger(gap) && gap <= MAX_DASHES;
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
      // The gap of a line without a mark continues from here.
      return moment + (cell?.length ?? 0);
    });
    if (moment === moments.at(-1)) pad();
  }
  return { lines: drawn.map((line) => line.trimEnd()), columnOf: (moment) => columns.get(moment) };
}

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

/** Draws lines over one time, each after its label; `^` is under `moment`. */
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

/** The first moment at which two lines differ. */
export function firstDifference(expected: Cells, actual: Cells): number | undefined {
  const moments = [...new Set([...expected.keys(), ...actual.keys()])].sort((a, b) => a - b);
  return moments.find((moment) => expected.get(moment) !== actual.get(moment));
}

/**
 * A failed assertion with a picture, in the form that node:test, vitest, jest and mocha all recognize. `expected` and `actual` are
 * drawings, so a runner that shows their difference shows aligned lines.
 */
export class PicturedError extends Error {
  override readonly name = 'AssertionError';
  readonly code = 'ERR_ASSERTION';
  readonly generatedMessage = false;
  /** Makes mocha show the difference. */
  readonly showDiff = true;

  constructor(
    message: string,
    readonly expected: string,
    readonly actual: string,
    readonly operator: string,
  ) {
    super(message);
  }
}

/**
 * An entry that the TestScheduler of RxJS passes to its assertion for an Observable: a notification and its frame.
 */
export interface FrameMessage {
  readonly frame: number;
  readonly notification:
    | { readonly kind: 'N'; readonly value: unknown }
    | { readonly kind: 'E'; readonly error: unknown }
    | { readonly kind: 'C' };
}

/** The same for a subscription. */
export interface SubscriptionFrames {
  readonly subscribedFrame: number;
  readonly unsubscribedFrame: number;
}

/** True when a list holds notifications. */
export function isMessages(list: readonly unknown[]): list is readonly FrameMessage[] {
  return list.every((item) => typeof item === 'object' && item !== null && 'frame' in item && 'notification' in item);
}

/** True when a list holds subscriptions. */
export function isSubscriptions(list: readonly unknown[]): list is readonly SubscriptionFrames[] {
  return list.every((item) => typeof item === 'object' && item !== null && 'subscribedFrame' in item);
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const OWN_MARK = /^[^\s()|#^!-]$/;

/** Assigns letters to values: a one-letter text is its own letter, every other value gets the next free one. */
export class Legend {
  readonly #values: { readonly mark: string; readonly value: unknown }[] = [];
  readonly #taken = new Set<string>();

  /** @param values All values to draw, so that no letter is used twice. */
  constructor(values: readonly unknown[]) {
    for (const value of values) if (typeof value === 'string' && OWN_MARK.test(value)) this.#taken.add(value);
    for (const value of values) this.markOf(value);
  }

  markOf(value: unknown): string {
    if (typeof value === 'string' && OWN_MARK.test(value)) return value;
    const known = this.#values.find((entry) => isDeepStrictEqual(entry.value, value));
    if (known !== undefined) return known.mark;
    const mark = [...LETTERS].find((letter) => !this.#taken.has(letter)) ?? '?';
    this.#taken.add(mark);
    this.#values.push({ mark, value });
    return mark;
  }

  /** One line per letter that differs from its value. */
  get lines(): readonly string[] {
    return this.#values.map(({ mark, value }) => {
      const text = inspect(value, { depth: 4, breakLength: 100, compact: true });
      return `${mark} = ${text.length > 300 ? `${text.slice(0, 297)}...` : text}`;
    });
  }
}
