import type { Buffer } from 'node:buffer';
import { ElpisError } from '../../core/errors.js';
import type { Bytes } from '../../core/units.js';

const NEWLINE = 10;
const RETURN = 13;
const QUOTE = 34;

/** The format of a CSV file. */
export interface CsvFormat {
  /** The name of the file, for messages. */
  readonly name: string;
  /** One character of ASCII. */
  readonly delimiter: string;
  /** Fields may be quoted. */
  readonly quotes: boolean;
}

/** Offsets of rows, which grow as needed. */
class Offsets {
  #values = new Uint32Array(1024);
  length = 0;

  push(value: Bytes): void {
    if (this.length === this.#values.length) {
      const more = new Uint32Array(2 * this.length);
      more.set(this.#values);
      this.#values = more;
    }
    this.#values[this.length++] = value;
  }

  at(index: number): Bytes {
    return this.#values[index] as number;
  }
}

/**
 * The rows of a CSV file (RFC 4180) in memory: the bytes of the file and 8 bytes per row. A row is cut into fields when
 * it is needed. A parser that makes every field at once, such as csv-parse, needs ten times the memory of the file
 * (D-036).
 *
 * Every row is checked at the beginning: it has as many fields as the first row, and quotes enclose whole fields only.
 * Empty lines are ignored.
 */
export class CsvRows {
  readonly #starts = new Offsets();
  readonly #ends = new Offsets();
  readonly #delimiter: number;
  #line = 1;
  #fields = 0;

  /**
   * @param most The largest number of rows that are read.
   * @throws ElpisError `ELPIS_SOURCE` with the line of a row that fails these checks.
   */
  constructor(
    private readonly bytes: Buffer,
    private readonly format: CsvFormat,
    most = Number.POSITIVE_INFINITY,
  ) {
    this.#delimiter = format.delimiter.charCodeAt(0);
    const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    let at = marked ? 3 : 0;
    while (at < bytes.length && this.#starts.length < most) at = this.#row(at);
  }

  /** The number of rows, including the first one with the names. */
  get length(): number {
    return this.#starts.length;
  }

  /** The fields of a row. */
  fields(row: number): string[] {
    const text = this.bytes.toString('utf8', this.#starts.at(row), this.#ends.at(row));
    const { delimiter, quotes } = this.format;
    if (!quotes || !text.includes('"')) return text.split(delimiter);
    const fields: string[] = [];
    for (let at = 0; at <= text.length; ) {
      let end: number;
      if (text[at] === '"') {
        end = at + 1;
        while (text[end] !== '"' || text[end + 1] === '"') end += text[end] === '"' ? 2 : 1;
        fields.push(text.slice(at + 1, end++).replaceAll('""', '"'));
      } else {
        end = text.indexOf(delimiter, at);
        if (end < 0) end = text.length;
        fields.push(text.slice(at, end));
      }
      at = end + 1;
    }
    return fields;
  }

  /** Reads a row from an offset. @returns The offset after it. */
  #row(start: Bytes): Bytes {
    const { bytes } = this;
    const line = this.#line;
    let fields = 1;
    let at = this.#field(start);
    for (; bytes[at] === this.#delimiter; at = this.#field(at + 1)) fields++;
    this.#line++;
    const end = bytes[at - 1] === RETURN && at > start ? at - 1 : at;
    if (end === start) return at + 1;
    if (this.length === 0) this.#fields = fields;
    else if (fields !== this.#fields) this.#refuse(line, `the row has ${fields} fields, the first one ${this.#fields}`);
    this.#starts.push(start);
    this.#ends.push(end);
    return at + 1;
  }

  /** Skips a field. @returns The offset of its end: a delimiter, a line end or the end of the bytes. */
  #field(start: Bytes): Bytes {
    const { bytes } = this;
    const { quotes } = this.format;
    let at = quotes && bytes[start] === QUOTE ? this.#quoted(start + 1) : start;
    if (at !== start && bytes[at] === RETURN) at++;
    const whole = at !== start;
    for (; at < bytes.length && bytes[at] !== NEWLINE && bytes[at] !== this.#delimiter; at++) {
      if (whole) this.#refuse(this.#line, 'there is text after a quoted field');
      if (quotes && bytes[at] === QUOTE)
        this.#refuse(this.#line, 'there is a quote inside a field that does not begin with a quote');
    }
    return at;
  }

  /** Skips the rest of a quoted field, in which two quotes mean one. @returns The offset after it. */
  #quoted(start: Bytes): Bytes {
    const { bytes } = this;
    const line = this.#line;
    for (let at = start; at < bytes.length; at++) {
      if (bytes[at] === NEWLINE) this.#line++;
      if (bytes[at] !== QUOTE) continue;
      if (bytes[at + 1] !== QUOTE) return at + 1;
      at++;
    }
    return this.#refuse(line, 'a quote is not closed');
  }

  #refuse(line: number, problem: string): never {
    throw new ElpisError('ELPIS_SOURCE', `${this.format.name}:${line}: ${problem}`, {
      hint: 'put a field that contains a quote, a delimiter or a line end in quotes; quotes: false reads quotes as text',
    });
  }
}
