import type { Bytes } from '../../../core/units.js';
import { skipBlanks, trimBlanks } from './headerBytes.js';

const KEEP = 4096;
const NO_BYTES = Buffer.alloc(0);

/** Bytes kept from one read to the next: the beginning of a line whose end has not arrived. The caller bounds it. */
class PartialLine {
  #bytes = NO_BYTES;
  length = 0;

  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Appends a copy of a range. */
  append(source: Uint8Array, start: number, end: number): void {
    const needed = this.length + end - start;
    if (needed > this.#bytes.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(256, needed, this.#bytes.length * 2));
      grown.set(this.#bytes.subarray(0, this.length));
      this.#bytes = grown;
    }
    this.#bytes.set(source.subarray(start, end), this.length);
    this.length = needed;
  }

  /** Drops all bytes, and frees an unusually large buffer. */
  clear(): void {
    this.length = 0;
    if (this.#bytes.length > KEEP) this.#bytes = NO_BYTES;
  }
}

const LF = 10;
const CR = 13;
const SPACE = 32;
const TAB = 9;
const ONE_SPACE = Uint8Array.of(SPACE);

/**
 * Finds the lines of a head, ended by CRLF or a bare LF, in bytes that arrive in any pieces. A line that is complete
 * in one piece is not copied; for a split line only the beginning is. A header may continue in the next line when
 * that begins with a blank (obs-fold); the lines are then returned as one, with one space between them.
 */
export class LineReader {
  readonly #partial = new PartialLine();
  /** True between the end of a line and the first word of its continuation line. */
  #unfolding = false;
  /** Bytes of this section so far, against the limit. */
  section: Bytes = 0;
  /** True when `read` found a line: `bytes` from `start` to `end`, without its line end. */
  found = false;
  /** True when the section has more bytes than the limit. */
  tooLong = false;
  bytes: Uint8Array = NO_BYTES;
  start = 0;
  end = 0;

  reset(): void {
    this.section = 0;
    this.found = this.tooLong = this.#unfolding = false;
    this.#partial.clear();
  }

  /** Reads up to the end of one line and returns the position where it stopped. */
  read(bytes: Uint8Array, start: number, end: number, limit: Bytes, folds: boolean): number {
    this.found = false;
    const partial = this.#partial;
    // The partial line may be a complete header line that the next line may continue.
    if (folds && partial.length > 0 && partial.bytes[partial.length - 1] === LF) {
      const content = contentEnd(partial.bytes, 0, partial.length - 1);
      if (!isBlank(bytes[start])) {
        this.#show(partial.bytes, 0, content);
        partial.length = 0;
        return start;
      }
      partial.length = trimBlanks(partial.bytes, 0, content);
      partial.append(ONE_SPACE, 0, 1);
      this.#unfolding = true;
    }
    const stop = Math.min(end, start + limit - this.section);
    let from = start;
    if (this.#unfolding) {
      from = skipBlanks(bytes, start, stop);
      this.#unfolding = from === stop;
    }
    let at = from;
    while (at < stop && bytes[at] !== LF) at++;
    this.section += at - start;
    if (at === stop) {
      if (stop < end) this.tooLong = true;
      else partial.append(bytes, from, at);
      return at;
    }
    this.section++;
    this.#lineEnd(bytes, from, at, folds && (at + 1 >= end || isBlank(bytes[at + 1])));
    return at + 1;
  }

  /** Called for a line feed at `at`; the next line may continue this one. */
  #lineEnd(bytes: Uint8Array, start: number, at: number, continued: boolean): void {
    const partial = this.#partial;
    if (partial.length === 0) {
      const end = contentEnd(bytes, start, at);
      // The empty line that ends a head cannot be continued.
      if (continued && end > start) partial.append(bytes, start, at + 1);
      else this.#show(bytes, start, end);
      return;
    }
    const empty = partial.length === 1 && partial.bytes[0] === CR && at === start;
    partial.append(bytes, start, continued && !empty ? at + 1 : at);
    if (continued && !empty) return;
    this.#show(partial.bytes, 0, contentEnd(partial.bytes, 0, partial.length));
    partial.length = 0;
  }

  #show(bytes: Uint8Array, start: number, end: number): void {
    this.found = true;
    this.bytes = bytes;
    this.start = start;
    this.end = end;
  }
}

function isBlank(byte: number | undefined): boolean {
  return byte === SPACE || byte === TAB;
}

function contentEnd(bytes: Uint8Array, start: number, end: number): number {
  return end > start && bytes[end - 1] === CR ? end - 1 : end;
}
