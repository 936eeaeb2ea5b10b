import { HclError, type Span } from './syntax.js';

const IDENTIFIER = /[\p{ID_Start}_][\p{ID_Continue}-]*/uy;
const BLANKS = /[ \t]+/y;
const NEWLINE = /\r?\n/y;
const LINE_COMMENT = /(?:#|\/\/)[^\n]*/y;

/** How deep expressions, templates and blocks may be nested in a file. */
export const MAX_DEPTH = 100;

/** A text in HCL and the place up to which it was read. */
export class Scanner {
  at = 0;
  /** True inside of brackets, where the end of a line is a blank. */
  free = false;
  #depth = 0;

  constructor(readonly text: string) {
    // A byte order mark.
    if (text.startsWith('\uFEFF')) this.at = 1;
  }

  get ended(): boolean {
    return this.at >= this.text.length;
  }

  /** Skips blanks and comments; ends of lines too where they do not count. A comment to the end of a line leaves the end. */
  skip(): void {
    while (this.matched(BLANKS) !== undefined || this.#comment() || (this.free && this.matched(NEWLINE) !== undefined));
  }

  /** Skips blanks, comments and ends of lines. */
  skipLines(): void {
    this.within(true, () => this.skip());
  }

  #comment(): boolean {
    if (this.matched(LINE_COMMENT) !== undefined) return true;
    if (!this.text.startsWith('/*', this.at)) return false;
    const end = this.text.indexOf('*/', this.at + 2);
    if (end < 0) throw this.error('this comment is not closed', 'close it with */', 2);
    this.at = end + 2;
    return true;
  }

  /** What a sticky expression matches here; it is passed over. */
  matched(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found === undefined) return undefined;
    this.at += found.length;
    return found;
  }

  /** True when the text continues so, after blanks. */
  sees(token: string): boolean {
    this.skip();
    return this.text.startsWith(token, this.at);
  }

  /** Passes over a token when the text continues with it, after blanks. */
  take(token: string): boolean {
    if (!this.sees(token)) return false;
    this.at += token.length;
    return true;
  }

  /** Passes over a token that must stand here. */
  expect(token: string, hint?: string): void {
    if (!this.take(token)) throw this.error(`expected ${token} here, got ${this.found()}`, hint);
  }

  /** The name that stands here, after blanks. */
  name(): string | undefined {
    this.skip();
    return this.matched(IDENTIFIER);
  }

  /** Passes over a word when it stands here, after blanks, and is not the begin of a longer name. */
  word(word: string): boolean {
    const before = this.at;
    if (this.name() === word) return true;
    this.at = before;
    return false;
  }

  /** Passes over the end of a line, if it stands here. */
  newline(): boolean {
    this.skip();
    return this.matched(NEWLINE) !== undefined;
  }

  /** Reads something in which the ends of lines count or do not. */
  within<T>(free: boolean, read: () => T): T {
    const before = this.free;
    this.free = free;
    try {
      return read();
    } finally {
      this.free = before;
    }
  }

  /** Reads something that is nested in what is being read. */
  nested<T>(read: () => T): T {
    if (this.#depth >= MAX_DEPTH) {
      throw this.error(`expressions and blocks are nested more than ${MAX_DEPTH} deep`, 'use locals for parts of it');
    }
    this.#depth++;
    try {
      return read();
    } finally {
      this.#depth--;
    }
  }

  /** What stands here, for messages. */
  found(): string {
    if (this.ended) return 'the end of the file';
    if (/[\r\n]/.test(this.text.charAt(this.at))) return 'the end of the line';
    return JSON.stringify(String.fromCodePoint(this.text.codePointAt(this.at) as number));
  }

  span(start: number): Span {
    return { start, end: Math.max(this.at, start) };
  }

  error(message: string, hint?: string, length = 1): HclError {
    return new HclError({ start: this.at, end: this.at + length }, message, hint);
  }
}
