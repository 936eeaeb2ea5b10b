import { stringify } from 'csv-stringify/sync';
import type { NetSample } from '../protocols/netSample.js';
import type { Batch } from './encoding/batch.js';
import { type SampleField, sampleFields } from './sampleFields.js';

/** Few enough that turning them into text does not hold up the shooting (some 10 µs each). */
const MAX_RECORDS = 64;

/** How samples are written as CSV. */
export interface CsvFormat {
  /** Between the columns. Default a comma. */
  readonly delimiter?: string;
  /** Begin with a line of column names. Default true. */
  readonly header?: boolean;
  /** Names of {@link sampleFields} to write, in order. Default all. */
  readonly columns?: readonly string[];
}

function cell(field: SampleField, sample: NetSample): string | number | bigint {
  return field.kind === 'moment' ? (field.read(sample) / 1e6).toFixed(6) : field.read(sample);
}

/** A batch of CSV records, made by csv-stringify. The header comes with the first `take`, even if there is no sample. */
export class CsvBatch implements Batch<NetSample> {
  readonly #fields: readonly SampleField[];
  readonly #delimiter: string;
  #header: boolean;
  #records: (string | number | bigint)[][] = [];

  constructor({ delimiter = ',', header = true, columns }: CsvFormat = {}) {
    this.#delimiter = delimiter;
    this.#header = header;
    this.#fields = columns?.flatMap((name) => sampleFields.filter((field) => field.name === name)) ?? sampleFields;
  }

  get size(): number {
    return this.#records.length;
  }

  add(sample: NetSample): boolean {
    if (this.#records.length >= MAX_RECORDS) return false;
    this.#records.push(this.#fields.map((field) => cell(field, sample)));
    return true;
  }

  take(): Uint8Array {
    const columns = this.#fields.map((field) => field.name);
    const records = this.#header ? [columns, ...this.#records] : this.#records;
    this.#header = false;
    this.#records = [];
    return Buffer.from(records.length > 0 ? stringify(records, { delimiter: this.#delimiter }) : '');
  }
}
