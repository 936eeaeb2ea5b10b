import type { Buffer } from 'node:buffer';
import { JsonDecoder } from './jsonDecoder.js';

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
