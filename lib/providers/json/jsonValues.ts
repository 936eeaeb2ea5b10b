import { Buffer } from 'node:buffer';
import type { Bytes } from '../../core/units.js';
import { JsonScanner } from './jsonScanner.js';

const NEWLINE = 10;
/**
 * The largest number of bytes of bad values that are read again, so that a file of open brackets does not take
 * quadratic time.
 */
const MAX_REREAD_BYTES: Bytes = 256 * 1024 * 1024;

/** Options of {@link JsonValues}. */
export interface JsonValuesOptions {
  /** Called with the text of a value. Returns false for a bad value; reading then continues at the next line. */
  readonly take: (value: Buffer, line: number) => boolean;
  /** Called with an error between the values; when it returns, reading continues at the next line. */
  readonly refuse: (problem: string, value: Buffer, line: number) => void;
  /** Called for a value that is longer than `maxSize`; when it returns, reading continues at the next line. */
  readonly tooLarge: (line: number) => void;
  readonly maxSize: Bytes;
}

/** Cuts chunks of bytes into JSON values. After a bad value, reading continues at the line after its first line. */
export class JsonValues {
  readonly scanner = new JsonScanner();
  /** The offset of the last value in the whole source. */
  startAt: Bytes = 0;
  #received: Bytes = 0;
  /** The number of bytes that were read again after bad values. */
  #again: Bytes = 0;
  #pieces: Buffer[] = [];
  #size: Bytes = 0;
  /** True while the rest of a line is skipped. */
  #passing = false;

  constructor(private readonly options: JsonValuesOptions) {}

  push(chunk: Uint8Array): void {
    this.#received += chunk.length;
    this.#read([Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)]);
  }

  /** Counts bytes that another reader has read, for the places in messages. */
  skip(size: Bytes): void {
    this.#received += size;
  }

  /** The bytes have ended: takes a value that ends there, such as a number. */
  end(): void {
    const { scanner } = this;
    if (scanner.within) this.push(Buffer.of(NEWLINE));
    while (scanner.within) {
      const value = this.#joined(Buffer.alloc(0));
      this.options.refuse('the file ends in the middle of it', value, scanner.startLine);
      this.#read(this.#afterBad(value, Buffer.alloc(0)).reverse());
    }
    if (scanner.inList) this.options.refuse('the list is not closed', Buffer.alloc(0), this.scanner.line);
  }

  /** Reads a stack of byte ranges, the last one first. */
  #read(waiting: Buffer[]): void {
    for (let bytes = waiting.pop(); bytes !== undefined; bytes = waiting.pop()) {
      const after = waiting.reduce((sum, { length }) => sum + length, 0);
      const rest = this.#values(bytes, this.#received - after - bytes.length);
      waiting.push(...rest.reverse());
    }
  }

  /**
   * Takes the values that end in these bytes, which begin at `offset`. @returns After a bad value, the bytes to read
   * next.
   */
  #values(bytes: Buffer, offset: Bytes): Buffer[] {
    const { scanner } = this;
    let at = this.#passing ? this.#passLine(bytes) : 0;
    while (at < bytes.length && !scanner.finished) {
      const began = scanner.within;
      const end = scanner.next(bytes, at);
      if (!began) this.startAt = offset + scanner.start;
      if (end < 0) {
        if (scanner.within) this.#keep(bytes.subarray(scanner.start));
        return [];
      }
      const value = this.#joined(bytes.subarray(scanner.start, end));
      at = end;
      if (!this.#accept(value)) return this.#afterBad(value, bytes.subarray(at));
    }
    return [];
  }

  #accept(value: Buffer): boolean {
    const { problem, startLine } = this.scanner;
    if (problem === undefined) return this.options.take(value, startLine);
    this.scanner.problem = undefined;
    this.options.refuse(problem, value, startLine);
    return false;
  }

  /**
   * Continues after the first line of a bad value, since it may contain good values; or after the whole value, when too
   * many bytes were read again before.
   */
  #afterBad(value: Buffer, rest: Buffer): Buffer[] {
    this.#again += value.length;
    const newline = this.#again > MAX_REREAD_BYTES ? -1 : value.indexOf(NEWLINE);
    this.#passing = newline < 0;
    this.scanner.reset(newline < 0 ? this.scanner.line : this.scanner.startLine + 1);
    if (newline < 0) return [rest];
    return [value.subarray(newline + 1), rest];
  }

  #passLine(bytes: Buffer): number {
    const newline = bytes.indexOf(NEWLINE);
    if (newline < 0) return bytes.length;
    this.#passing = false;
    // The line end is not skipped: the scanner counts it.
    return newline;
  }

  #keep(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#size += piece.length;
    if (this.#size <= this.options.maxSize) return;
    const line = this.scanner.startLine;
    this.#pieces = [];
    this.#size = 0;
    this.#passing = true;
    this.scanner.reset(this.scanner.line);
    this.options.tooLarge(line);
  }

  #joined(last: Buffer): Buffer {
    if (this.#pieces.length === 0) return last;
    const value = Buffer.concat([...this.#pieces, last]);
    this.#pieces = [];
    this.#size = 0;
    return value;
  }
}
