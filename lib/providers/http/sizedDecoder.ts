import type { Buffer } from 'node:buffer';
import type { Bytes } from '../../core/units.js';
import type { AmmoErrorKind } from '../reading/ammoError.js';
import type { BatchDecoder } from '../reading/batchDecoder.js';
import { Remainder } from '../reading/remainder.js';
import { type Decoding, type HttpRow, MAX_LINE_SIZE } from './decoding.js';
import { countLines, lineText } from './rawRequest.js';

const NEWLINE = 10;
const MAX_ASCII = 127;
/** The largest item when no limit is set; longer items are not kept in memory. */
const MAX_ITEM_SIZE: Bytes = 64 * 1024 * 1024;

/** A line that announces the bytes after it. */
export interface SizedLine {
  readonly size: Bytes;
}

/**
 * The common part of formats in which a line has the number of bytes that follow it. Blank lines between items are
 * skipped; the end of the file also ends the last line.
 *
 * @typeParam L The content of a line of the format.
 */
export abstract class SizedDecoder<L extends SizedLine> implements BatchDecoder<HttpRow> {
  readonly #carry = new Remainder();
  readonly #largest: Bytes;
  /** The bytes of an item that is too large which are still to be skipped; its size, and its lines so far. */
  #passing: Bytes = 0;
  #passingSize: Bytes = 0;
  #passedLines = 0;
  /** True while the rest of a line that is too long is skipped. */
  #passingLine = false;
  /** Lines before the current item. */
  #lines = 0;
  /** Bytes received so far, and those before the current item. */
  #received: Bytes = 0;
  #itemAt: Bytes = 0;

  /** The index of the field of a line that is the URI; -1: none. */
  protected readonly uriField: number = -1;

  constructor(protected readonly decoding: Decoding) {
    this.#largest = decoding.maxSize > 0 ? decoding.maxSize : MAX_ITEM_SIZE;
  }

  /** Reads a trimmed line that is not blank. Returns undefined when no bytes follow the line. */
  protected abstract line(line: string): L | undefined;

  /** Makes a row of a line and the bytes that follow it, which are those between the offsets. */
  protected abstract item(line: L, bytes: Buffer, from: number, to: number, rows: HttpRow[]): void;

  /** Only an item that begins in one chunk and ends in another is copied. */
  push(chunk: Uint8Array, rows: HttpRow[]): void {
    for (let at = 0, to = 0; at < chunk.length; at = to) {
      to = this.#carry.endIn(chunk, at);
      this.#received += to - at;
      const bytes = this.#carry.add(to - at === chunk.length ? chunk : chunk.subarray(at, to));
      if (bytes !== undefined) this.#items(bytes, rows, false);
      else if (this.#carry.awaitsLine && this.#carry.size > MAX_LINE_SIZE) this.#items(this.#carry.take(), rows, false);
    }
  }

  end(rows: HttpRow[]): void {
    const rest = this.#carry.take();
    if (rest.length > 0) this.#items(rest, rows, true);
    if (this.#passing > 0) this.#cutOff(this.#passingSize);
  }

  #items(bytes: Buffer, rows: HttpRow[], last: boolean): void {
    const start = this.#received - bytes.length;
    let at = this.#pass(bytes, 0);
    while (at < bytes.length) {
      this.#itemAt = start + at;
      const next = this.#nextItem(bytes, at, rows, last);
      if (next === undefined) return;
      at = next;
    }
    // While bytes are skipped, every chunk is handled when it arrives.
    this.#carry.keep(bytes.subarray(at), this.#passing > 0 || this.#passingLine ? 1 : undefined);
  }

  /** Handles the item at an offset. @returns The offset after it; undefined when its end is not among the bytes. */
  #nextItem(bytes: Buffer, at: number, rows: HttpRow[], last: boolean): number | undefined {
    const newline = bytes.indexOf(NEWLINE, at);
    const lineEnd = newline < 0 ? bytes.length : newline;
    if (lineEnd - at > MAX_LINE_SIZE) return this.#longLine(bytes, at);
    if (newline < 0 && !last) return this.#wait(bytes.subarray(at));
    const bodyAt = newline < 0 ? lineEnd : newline + 1;
    const text = this.#text(bytes, at, bodyAt);
    const line = text === '' ? undefined : this.line(text);
    const size = line?.size ?? 0;
    const end = bodyAt + size;
    if (size > this.#largest) return this.#startPassing(bytes, bodyAt, size);
    if (end > bytes.length) return last ? this.#cutOff(size) : this.#wait(bytes.subarray(at), end - at);
    if (line !== undefined) this.item(line, bytes, bodyAt, end, rows);
    this.#lines += 1 + countLines(bytes, bodyAt, end);
    return end;
  }

  /** The trimmed text of a line. */
  #text(bytes: Buffer, from: number, to: number): string {
    for (let at = from; at < to; at++)
      if ((bytes[at] as number) > MAX_ASCII) return lineText(bytes.subarray(from, to), this.uriField);
    return bytes.toString('latin1', from, to).trim();
  }

  /** Keeps the incomplete rest of the bytes. */
  #wait(rest: Buffer, need?: Bytes): undefined {
    this.#carry.keep(rest, need);
    return undefined;
  }

  /** A line that is too long. @returns The offset after it, or after the bytes. */
  #longLine(bytes: Buffer, at: number): number {
    const hint = 'is it a text file? After a size that is too small the next line is wrong';
    this.bad('line-too-long', `the line with a size is longer than ${MAX_LINE_SIZE} bytes`, hint);
    this.#passingLine = true;
    return this.#pass(bytes, at);
  }

  /** Begins to skip an item that is too large. @returns The offset after it, or after the bytes. */
  #startPassing(bytes: Buffer, bodyAt: number, size: Bytes): number {
    if (this.decoding.maxSize > 0) this.#tooLarge(size);
    this.#passing = this.#passingSize = size;
    this.#passedLines = 1;
    return this.#pass(bytes, bodyAt);
  }

  #pass(bytes: Buffer, from: number): number {
    if (this.#passingLine) return this.#passLine(bytes, from);
    if (this.#passing === 0) return from;
    const to = Math.min(from + this.#passing, bytes.length);
    this.#passing -= to - from;
    this.#passedLines += countLines(bytes, from, to);
    if (this.#passing > 0) return to;
    // Without a configured limit, an item is too large only when its bytes exist; otherwise the file is cut off.
    if (this.decoding.maxSize === 0) this.#tooLarge(this.#passingSize);
    this.#lines += this.#passedLines;
    return to;
  }

  #passLine(bytes: Buffer, from: number): number {
    const newline = bytes.indexOf(NEWLINE, from);
    if (newline < 0) return bytes.length;
    this.#passingLine = false;
    this.#lines++;
    return newline + 1;
  }

  #tooLarge(size: Bytes): void {
    const hint = 'maxammosize sets another limit, in bytes';
    this.bad('too-large', `the item has ${size} bytes, more than ${this.#largest}`, hint);
  }

  #cutOff(size: Bytes): undefined {
    this.#passing = 0;
    const hint = 'the size counts bytes, not characters, line ends included';
    return this.bad('body-truncated', `the file ends before the ${size} bytes that the line announces`, hint);
  }

  /** A bad item at the current line. */
  protected bad(kind: AmmoErrorKind, message: string, hint: string): undefined {
    this.decoding.troubles.bad(kind, `${this.place}: ${message} (at byte ${this.#itemAt})`, hint);
    return undefined;
  }

  /** The current line, for messages. */
  protected get place(): string {
    return `${this.decoding.name}:${this.lineNumber}`;
  }

  protected get lineNumber(): number {
    return this.#lines + 1;
  }
}
