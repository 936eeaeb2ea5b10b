import { type Colours, type Line, paint } from './line.js';
import type { Output } from './output.js';

/** The other page of the terminal, without a cursor, without line wrapping. */
const ENTER = '\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[0m\x1b[2J';
/** As it was. */
export const LEAVE = '\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l';

/** Draws frames on the other page of a terminal. Only rows that have changed are written. */
export class Terminal {
  #rows: string[] = [];
  #lines: readonly Line[] = [];
  #entered = false;

  constructor(
    private readonly output: Output,
    private readonly colours: Colours,
  ) {}

  enter(): void {
    if (this.#entered) return;
    this.#entered = true;
    this.#rows = [];
    this.#lines = [];
    this.output.writeNow(ENTER);
  }

  leave(): void {
    if (!this.#entered) return;
    this.#entered = false;
    this.output.writeNow(LEAVE);
  }

  /** The next frame is written as a whole, for example after a change of the size. */
  forget(): void {
    this.#rows = [];
    this.#lines = [];
  }

  /** Draws a frame; while the last one is still on its way, nothing. */
  draw(lines: readonly Line[]): void {
    if (!this.#entered || !this.output.ready) return;
    // Most lines are those of the last frame.
    const rows = lines.map((line, number) =>
      line === this.#lines[number] ? (this.#rows[number] as string) : paint(line, this.colours),
    );
    const whole = this.#rows.length !== rows.length;
    const changed = rows.flatMap((row, number) =>
      whole || row !== this.#rows[number] ? [`\x1b[${number + 1};1H${row}`] : [],
    );
    this.#rows = rows;
    this.#lines = lines;
    if (changed.length > 0) this.output.write(`${whole ? '\x1b[2J' : ''}${changed.join('')}`);
  }
}
