import type { Buffer } from 'node:buffer';

const NEWLINE = 10;
const BLANK = 32;
const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN_LIST = 91;
const BACKSLASH = 92;
const CLOSE_LIST = 93;
const OPEN_MAP = 123;
const CLOSE_MAP = 125;
const STRUCTURAL = new Set([QUOTE, COMMA, COLON, OPEN_LIST, CLOSE_LIST, OPEN_MAP, CLOSE_MAP]);

type Inside = 'gap' | 'nested' | 'scalar';
type Expected = 'any' | 'first' | 'value' | 'comma' | 'anything in a list';

function isBlank(byte: number): boolean {
  return byte === BLANK || byte === NEWLINE || byte === 13 || byte === 9;
}

/** True for the characters below a blank, of which JSON has only tabs and line ends, and those only between tokens. */
function isControl(byte: number | undefined): boolean {
  return byte !== undefined && byte < BLANK;
}

/**
 * Finds the begin and the end of JSON values in chunks of bytes, without parsing them: the values of a sequence, or
 * those of one list after `enterList`. A value that cannot be JSON ends early, so that a missing quote or brace
 * does not swallow the rest of the file; the parser of the value then reports the error.
 */
export class JsonScanner {
  /** The offset of the value in the bytes that were scanned last; 0 when it began before them. */
  start = 0;
  /** The current line, and the one on which the value began, from 1. */
  line = 1;
  startLine = 1;
  /** The error between the values of a list. */
  problem: string | undefined;
  /** True when the list is closed; the bytes after it are ignored. */
  finished = false;
  #inside: Inside = 'gap';
  #expected: Expected = 'any';
  #depth = 0;
  #quoted = false;
  #escaped = false;
  #previous = 0;

  /** From now on, finds the values of the list whose opening bracket was just passed. */
  enterList(): void {
    this.#expected = 'first';
  }

  /** True while a value is incomplete. */
  get within(): boolean {
    return this.#inside !== 'gap';
  }

  /** True while the entered list is not closed. */
  get inList(): boolean {
    return this.#expected !== 'any' && !this.finished;
  }

  /** Expects the begin of a value again, on the given line, after an error. */
  reset(line: number): void {
    this.#inside = 'gap';
    this.line = line;
    if (this.#expected !== 'any') this.#expected = 'anything in a list';
  }

  /** Continues the scan. @returns The offset after a value, or -1 when its end is not among the bytes. */
  next(bytes: Buffer, from: number): number {
    let at = from;
    if (this.#inside === 'gap') {
      at = this.#skipGap(bytes, from);
      if (at === bytes.length || this.finished) return -1;
      this.start = at;
      this.startLine = this.line;
      if (this.problem !== undefined) return at + 1;
      if (this.#begin(bytes[at] as number) === 'scalar') at++;
    } else this.start = 0;
    const end = this.#inside === 'scalar' ? this.#scalar(bytes, at) : this.#nested(bytes, at);
    if (end < 0) return -1;
    this.#inside = 'gap';
    if (this.#expected !== 'any') this.#expected = 'comma';
    return end;
  }

  #begin(first: number): Inside {
    this.#depth = 0;
    this.#quoted = this.#escaped = false;
    this.#previous = COMMA;
    const open = first === OPEN_MAP || first === OPEN_LIST;
    this.#inside = open || first === QUOTE ? 'nested' : 'scalar';
    return this.#inside;
  }

  #skipGap(bytes: Buffer, from: number): number {
    for (let at = from; at < bytes.length; at++) {
      const byte = bytes[at] as number;
      if (byte === NEWLINE) this.line++;
      if (!isBlank(byte) && this.#stopsAt(byte)) return at;
    }
    return bytes.length;
  }

  /** True when a byte between two values begins the next value, or is an error. */
  #stopsAt(byte: number): boolean {
    if (this.#expected === 'any') return true;
    if (byte === CLOSE_LIST && this.#expected !== 'value') {
      this.finished = true;
      return true;
    }
    if (this.#expected === 'comma' || (byte === COMMA && this.#expected === 'anything in a list')) {
      if (byte !== COMMA) this.problem = 'a comma is missing between two items of the list';
      this.#expected = 'value';
      return byte !== COMMA;
    }
    if (byte === CLOSE_LIST) this.problem = 'there is a comma at the end of the list';
    return true;
  }

  #scalar(bytes: Buffer, from: number): number {
    for (let at = from; at < bytes.length; at++) {
      const byte = bytes[at] as number;
      if (byte === BLANK || isControl(byte) || STRUCTURAL.has(byte)) return at;
    }
    return -1;
  }

  #nested(bytes: Buffer, from: number): number {
    let at = from;
    for (;;) {
      if (this.#quoted) {
        at = this.#throughText(bytes, at);
        // A JSON text never contains a control character.
        if (this.#quoted) return at < bytes.length || isControl(bytes[at - 1]) ? at : -1;
        if (this.#depth === 0) return at;
      }
      at = this.#throughBrackets(bytes, at);
      if (!this.#quoted) return at;
    }
  }

  /** Continues into the next text, or to the end of the value; -1 when the bytes end before that. */
  #throughBrackets(bytes: Buffer, from: number): number {
    for (let at = from; at < bytes.length; at++) {
      const byte = bytes[at] as number;
      if (byte === NEWLINE) this.line++;
      if (byte <= 32) continue;
      if (this.#isMisplaced(byte)) return at;
      this.#previous = byte;
      if (this.#closesAll(byte) || this.#quoted) return at + 1;
    }
    return -1;
  }

  /** Continues to the end of a text, to a line end in it, or after another control character in it. */
  #throughText(bytes: Buffer, from: number): number {
    for (let at = from; at < bytes.length; at++) {
      const byte = bytes[at] as number;
      if (isControl(byte)) return byte === NEWLINE ? at : at + 1;
      if (this.#escaped) this.#escaped = false;
      else if (byte === BACKSLASH) this.#escaped = true;
      else if (byte === QUOTE) {
        this.#quoted = false;
        return at + 1;
      }
    }
    return bytes.length;
  }

  /** True for an opening bracket where no value can begin: the value before it has no end. */
  #isMisplaced(byte: number): boolean {
    if (byte !== OPEN_MAP && byte !== OPEN_LIST) return false;
    const previous = this.#previous;
    return previous !== COLON && previous !== COMMA && previous !== OPEN_LIST;
  }

  #closesAll(byte: number): boolean {
    if (byte === QUOTE) this.#quoted = true;
    else if (byte === OPEN_MAP || byte === OPEN_LIST) this.#depth++;
    else if (byte === CLOSE_MAP || byte === CLOSE_LIST) return --this.#depth <= 0;
    return false;
  }
}
