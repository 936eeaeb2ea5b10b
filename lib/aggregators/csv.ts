import { createRequire } from 'node:module';
import { checked } from '../codec/bounds.js';
import { listOf } from '../codec/collections.js';
import { flag, oneOf, text } from '../codec/scalars.js';
import { optional, struct } from '../codec/struct.js';
import type { Aggregator } from '../core/aggregator.js';
import { SINKS } from '../data/dataParts.js';
import { component } from '../plugin/component.js';
import type { NetSample } from '../protocols/netSample.js';
import type { Batch } from './encoding/encodedBatch.js';
import { writeBatches } from './encoding/writeBatches.js';
import { requireNetSample } from './sample/requireNetSample.js';
import { type SampleField, sampleFields } from './sampleFields.js';
import { type SinkOptions, sinkFields, sinkTraits } from './sinkFields.js';

const load = createRequire(import.meta.url);

/** Records per batch: few enough that their conversion to text (about 10 µs each) does not delay shots. */
const MAX_RECORDS = 64;

/** Options of the CSV format. */
interface CsvFormat {
  /** The separator of the columns. Default: a comma. */
  readonly delimiter?: string;
  /** Begin with a line of column names. Default true. */
  readonly header?: boolean;
  /** Names of {@link sampleFields} to write, in order. Default all. */
  readonly columns?: readonly string[];
  /** Write `'` before a text that begins with `=`, `+`, `-`, `@` or TAB, which a spreadsheet would run as a formula. Default true. */
  readonly escapeFormulas?: boolean;
}

const FORMULA = /^[=+\-@\t\r]/;

/** A batch of CSV records, made by csv-stringify. The header is part of the first `take`, even without a sample. */
export class CsvBatch implements Batch<NetSample> {
  readonly #fields: readonly SampleField[];
  readonly #delimiter: string;
  readonly #stringify: typeof import('csv-stringify/sync').stringify;
  readonly #escapeFormulas: boolean;
  #header: boolean;
  #records: (string | number | bigint)[][] = [];

  constructor({ delimiter = ',', header = true, columns, escapeFormulas = true }: CsvFormat = {}) {
    this.#delimiter = delimiter;
    this.#stringify = (load('csv-stringify/sync') as typeof import('csv-stringify/sync')).stringify;
    this.#header = header;
    this.#escapeFormulas = escapeFormulas;
    this.#fields = columns?.flatMap((name) => sampleFields.filter((field) => field.name === name)) ?? sampleFields;
  }

  get size(): number {
    return this.#records.length;
  }

  add(sample: NetSample): boolean {
    if (this.#records.length >= MAX_RECORDS) return false;
    this.#records.push(this.#fields.map((field) => this.#cell(field, sample)));
    return true;
  }

  #cell(field: SampleField, sample: NetSample): string | number | bigint {
    if (field.kind === 'moment') return (field.read(sample) / 1e6).toFixed(6);
    const value = field.read(sample);
    return this.#escapeFormulas && typeof value === 'string' && FORMULA.test(value) ? `'${value}` : value;
  }

  take(): Uint8Array {
    const columns = this.#fields.map((field) => field.name);
    const records = this.#header ? [columns, ...this.#records] : this.#records;
    this.#header = false;
    this.#records = [];
    return Buffer.from(records.length > 0 ? this.#stringify(records, { delimiter: this.#delimiter }) : '');
  }
}

/** Options of {@link writeCsv}. */
export interface CsvOptions extends Omit<SinkOptions, 'bufferSize'>, CsvFormat {}

/**
 * Writes one CSV record per sample, with the columns of {@link sampleFields} or some of them.
 *
 * @example
 * samples.pipe(writeCsv({ sink: fileSink({ path: './samples.csv' }), columns: ['time', 'tag', 'response_us'] }))
 */
export function writeCsv(options: CsvOptions): Aggregator<unknown> {
  const { sampleQueueSize = 131_072 } = options;
  return writeBatches<unknown>({
    ...options,
    from: 'csv',
    sampleQueueSize,
    batch: () => checkedOptions(new CsvBatch(options)),
  });
}

function checkedOptions(batch: CsvBatch): Batch<unknown> {
  return {
    get size() {
      return batch.size;
    },
    add: (sample) => batch.add(requireNetSample(sample, 'csv')),
    take: () => batch.take(),
  };
}

const names = sampleFields.map((field) => field.name);
const column = oneOf(names);
const delimiter = checked(
  text,
  (value) => value.length > 0 && !/["\r\n]/.test(value),
  'a delimiter such as ; or a TAB',
  'bad-value',
);
const columns = checked(listOf(column), (list) => list.length > 0, 'a list of at least one column', 'min', {
  schema: { minItems: 1 },
});

/** A CSV row per sample. @example csv({ sink: './samples.csv' }) */
export const csv = component({
  kind: 'aggregator',
  name: 'csv',
  summary: 'Writes one CSV record per sample.',
  example: { sink: './samples.csv', columns: ['time', 'tag', 'response_us', 'proto_code'] },
  parts: () => SINKS,
  options: (parts) => {
    const { bufferSize: _notUsed, ...fields } = sinkFields(parts);
    return struct('csv', {
      ...fields,
      /** The separator of the columns. */
      delimiter: optional(delimiter, ',', 'the separator of the columns'),
      /** Begin with a line of column names. */
      header: optional(flag, true, 'begin with a line of column names'),
      /** The columns, in order. */
      columns: optional(columns, names, 'the columns, in order'),
      /** Write ' before a text that a spreadsheet would run as a formula: one that begins with = + - @ or a TAB. */
      escapeFormulas: optional(
        flag,
        true,
        "write ' before a text that a spreadsheet would run as a formula: one that begins with = + - @ or a TAB",
      ),
    });
  },
  create: ({ sink, flushInterval, closeTimeout, ...options }, deps) =>
    writeCsv({
      ...options,
      // The shares of a run write to one file, which has one header.
      header: options.header && deps.share.index === 0,
      sink: sink.create(deps),
      flushMs: flushInterval,
      closeMs: closeTimeout,
      scheduler: deps.scheduler,
      log: deps.log,
    }),
  describe: ({ sink }) => `csv to ${sink.describe()}`,
  traits: ({ sink }) => sinkTraits(sink),
});
