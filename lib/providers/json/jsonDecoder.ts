import type { Buffer } from 'node:buffer';
import { describeError, excerpt } from '../../core/errorContext.js';
import type { Bytes } from '../../core/units.js';
import type { BadAmmoPolicy } from '../reading/ammoError.js';
import type { BatchDecoder, Row } from '../reading/batchDecoder.js';
import { JsonValues } from './jsonValues.js';

/** The longest value when no limit is set. */
const MAX_VALUE_SIZE: Bytes = 64 * 1024 * 1024;

/** Bytes without the byte order mark of UTF-8 that some editors write first. */
export function withoutMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

/** Options of a decoder of JSON. */
export interface JsonDecoding {
  /** Name of the source, for messages. */
  readonly name: string;
  /** The longest value; 0: 64 MiB. */
  readonly maxSize: Bytes;
  readonly troubles: BadAmmoPolicy;
}

/** Decodes a sequence of JSON values, with blanks or nothing between them. */
export abstract class JsonDecoder<R extends Row> implements BatchDecoder<R> {
  #rows: R[] = [];
  #begun = false;
  protected readonly values: JsonValues;

  constructor(protected readonly decoding: JsonDecoding) {
    const { maxSize } = decoding;
    const limit = maxSize > 0 ? maxSize : MAX_VALUE_SIZE;
    this.values = new JsonValues({
      maxSize: limit,
      take: (value, line) => (value.length > limit ? this.#tooLarge(line, limit) : this.#take(value, line)),
      refuse: (problem, value, line) => void this.badJson(value, line, problem),
      tooLarge: (line) => void this.#tooLarge(line, limit),
    });
  }

  /** Makes a row of a value; returns false for a bad value. */
  protected abstract row(value: unknown, text: Buffer, line: number, rows: R[]): boolean;

  push(chunk: Uint8Array, rows: R[]): void {
    this.#rows = rows;
    const bytes = this.#begun ? chunk : withoutMark(chunk);
    this.#begun = true;
    this.values.skip(chunk.length - bytes.length);
    this.values.push(bytes);
  }

  end(rows: R[]): void {
    this.#rows = rows;
    this.values.end();
  }

  #take(text: Buffer, line: number): boolean {
    let value: unknown;
    try {
      value = JSON.parse(text.toString());
    } catch (error) {
      return this.badJson(text, line, describeError(error).replace(/ in JSON.*|, ".*/s, ''));
    }
    return this.row(value, text, line, this.#rows);
  }

  #tooLarge(line: number, limit: Bytes): boolean {
    const message = `${this.decoding.name}:${line}: the value is longer than ${limit} bytes (at byte ${this.values.startAt})`;
    this.decoding.troubles.bad('too-large', message, 'maxammosize sets another limit, in bytes');
    return false;
  }

  protected badJson(text: Buffer, line: number, problem: string): boolean {
    const what = text.length === 0 ? 'bad JSON' : `${excerpt(text.toString().trimEnd())} is bad`;
    this.decoding.troubles.bad(
      'bad-json',
      `${this.decoding.name}:${line}: ${what}: ${problem}`,
      'one JSON value per line is easiest',
    );
    return false;
  }
}

/** One JSON value. */
export interface JsonRow {
  readonly tag: string;
  readonly value: unknown;
}

/** Decodes a sequence of JSON values of any kind. */
export class JsonRowDecoder extends JsonDecoder<JsonRow> {
  protected row(value: unknown, _text: Buffer, _line: number, rows: JsonRow[]): boolean {
    rows.push({ tag: '', value });
    return true;
  }
}
