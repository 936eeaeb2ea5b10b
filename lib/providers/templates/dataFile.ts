import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { checked } from '../../codec/bounds.js';
import { existingFile } from '../../codec/paths.js';
import { flag, oneOf, text } from '../../codec/scalars.js';
import { optional, required, type StructOf, struct } from '../../codec/struct.js';
import { ElpisError } from '../../core/errors.js';
import type { Bytes } from '../../core/units.js';
import { ammoError } from '../reading/ammoError.js';
import { chance } from './chance.js';
import { CsvRows } from './csvRows.js';

/** The largest data file. The whole file is in memory, once per pool and thread. */
const MAX_FILE_SIZE: Bytes = 64 * 1024 * 1024;
/** The largest size of the line with the names of the columns. */
const MAX_HEADER_SIZE: Bytes = 64 * 1024;

const delimiter = checked(
  text,
  (value) => /^[\t\x20-\x7e]$/.test(value) && value !== '"',
  'one character of ASCII, not a quote',
  'bad-value',
);

/** The config of a data file. */
export const dataFileOptions = struct('a data file', {
  /** Path of a CSV file of at most 64 MiB, whose first line names the columns. */
  csv: required(existingFile, 'path of a CSV file of at most 64 MiB, whose first line names the columns'),
  /**
   * The row of each ammo: next: in order, again and again; random: chosen at random; unique: in order, and the run ends after
   * the last row.
   */
  strategy: optional(
    oneOf(['next', 'random', 'unique']),
    'next',
    'the row of each ammo: next: in order, again and again; random: chosen at random; unique: in order, and the run ends after the last row',
  ),
  /** The separator of fields. */
  delimiter: optional(delimiter, ',', 'the separator of fields'),
  /** Fields may be quoted. */
  quotes: optional(flag, true, 'fields may be quoted'),
});

/** The decoded config of a data file. */
export type DataFileConfig = StructOf<typeof dataFileOptions.fields>;

function rowsOf(bytes: Buffer, { csv, delimiter: separator, quotes }: DataFileConfig, most?: number): CsvRows {
  return new CsvRows(bytes, { name: csv, delimiter: separator, quotes }, most);
}

function readBytes(path: string, limit: Bytes): Buffer {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(limit);
    let size = 0;
    for (let more = 1; more > 0 && size < limit; size += more) more = readSync(file, bytes, size, limit - size, null);
    return bytes.subarray(0, size);
  } finally {
    closeSync(file);
  }
}

/**
 * The names of the columns, read while the config is checked; undefined when it is not a regular file.
 *
 * @throws ElpisError `ELPIS_SOURCE` when it is not CSV.
 */
export function columnsOf(config: DataFileConfig): readonly string[] | undefined {
  const stat = statSync(config.csv, { throwIfNoEntry: false });
  if (stat?.isFile() !== true) return undefined;
  const start = readBytes(config.csv, Math.min(MAX_HEADER_SIZE, stat.size));
  const rows = rowsOf(start, config, 1);
  return rows.length === 0 ? [] : rows.fields(0);
}

/** The rows of a data file, in memory, and the row of each ammo. */
export class DataRows {
  readonly columns: readonly string[];
  readonly #rows: CsvRows;
  /** The row that was used last; all columns of one ammo are from one row. */
  #last = -1;
  #fields: readonly string[] = [];

  /**
   * @param slot A number that makes its random rows different from those of other files.
   * @throws ElpisError `ELPIS_SOURCE` when it cannot be read, `ELPIS_NO_AMMO` when it has no rows.
   */
  constructor(
    readonly name: string,
    private readonly config: DataFileConfig,
    private readonly seed: number,
    private readonly slot: number,
  ) {
    const { csv } = config;
    const stat = statSync(csv, { throwIfNoEntry: false });
    if (stat?.isFile() !== true) {
      throw new ElpisError('ELPIS_SOURCE', `${csv}: is not a regular file`, { hint: 'a data file is read completely' });
    }
    if (stat.size > MAX_FILE_SIZE) {
      const hint = 'split it, or leave out columns that are not used';
      throw new ElpisError('ELPIS_SOURCE', `${csv}: has ${stat.size} bytes, more than ${MAX_FILE_SIZE}`, { hint });
    }
    const rows = rowsOf(readBytes(csv, stat.size), config);
    if (rows.length < 2) {
      throw ammoError('no-ammo', `${csv}: has no rows`, { hint: 'the first line names the columns; rows follow it' });
    }
    this.columns = rows.fields(0);
    this.#rows = rows;
  }

  /** A field of the row of the ammo with that index in the whole run. @throws ElpisError when there is no row left. */
  field(index: number, column: number): string {
    const row = this.#rowOf(index);
    if (row !== this.#last) {
      this.#last = row;
      // The first one has the names.
      this.#fields = this.#rows.fields(row + 1);
    }
    return this.#fields[column] as string;
  }

  #rowOf(index: number): number {
    const length = this.#rows.length - 1;
    const { strategy, csv } = this.config;
    if (strategy === 'random') return Math.floor((chance(this.seed, index, this.slot) / 2 ** 32) * length);
    if (strategy === 'next' || index < length) return index % length;
    throw ammoError('no-ammo', `${csv}: its ${length} rows are used up`, {
      hint: 'add rows, set limit to the number of rows, or use the strategy next, which begins again',
    });
  }
}
