import type { Buffer } from 'node:buffer';
import { excerpt } from '../../core/errorContext.js';
import { type Decoding, type HttpRow, pushRow, sizeOf, unusableRow } from './decoding.js';
import { RawReader } from './rawReader.js';
import { SizedDecoder, type SizedLine } from './sizedDecoder.js';

interface RawLine extends SizedLine {
  readonly tag: string;
}

/**
 * Decodes the `raw` format: a line `SIZE [tag]`, then SIZE bytes that hold one HTTP/1.x request. A request that cannot
 * be parsed becomes a row with a problem. A size of 0 at the end of the file is an end mark that some generators write.
 */
export class RawDecoder extends SizedDecoder<RawLine> {
  /** An item of size 0, which is only an item if another one follows. */
  #empty: HttpRow | undefined;
  readonly #reader: RawReader;
  /** The last line with a size, which many items in a row share. */
  #lastText = '';
  #lastLine: RawLine | undefined;

  constructor(decoding: Decoding) {
    super(decoding);
    this.#reader = new RawReader(decoding.headers);
  }

  protected line(line: string): RawLine | undefined {
    if (line === this.#lastText && this.#lastLine !== undefined) return this.#lastLine;
    this.#lastText = line;
    this.#lastLine = this.#read(line);
    return this.#lastLine;
  }

  #read(line: string): RawLine | undefined {
    const space = line.indexOf(' ');
    const size = sizeOf(space < 0 ? line : line.slice(0, space));
    if (size === undefined) {
      const hint = 'write the number of bytes of the request; after a size that is too small the next line is wrong';
      return this.bad('bad-size', `${excerpt(line)} does not start with a size`, hint);
    }
    return { size, tag: space < 0 ? '' : line.slice(space + 1) };
  }

  protected item({ size, tag }: RawLine, bytes: Buffer, from: number, to: number, rows: HttpRow[]): void {
    if (this.#empty !== undefined) {
      rows.push(this.#empty);
      this.decoding.troubles.unshootable(`${this.#empty.problem}`);
      this.#empty = undefined;
    }
    if (size === 0) {
      this.#empty = unusableRow(tag, `${this.place}: the request is empty`);
      return;
    }
    const parsed = this.#reader.read(bytes, from, to);
    const { request, problem } = typeof parsed === 'string' ? unusableRow(tag, parsed) : parsed;
    const placed = problem === undefined ? undefined : `${this.place}: ${problem}`;
    if (placed !== undefined) this.decoding.troubles.unshootable(placed);
    pushRow(rows, { tag, request, problem: placed }, this.decoding, this.lineNumber);
  }
}
