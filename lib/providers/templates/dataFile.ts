import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { checked } from '../../codec/bounds.js';
import { existingFile, flag, oneOf, text } from '../../codec/scalars.js';
import { optional, required, type StructOf, struct } from '../../codec/struct.js';
import { describeError } from '../../core/blame.js';
import { ElpisError } from '../../core/errors.js';
import type { Bytes } from '../../core/units.js';
import { ammoError } from '../reading/ammoError.js';
import { chance } from './chance.js';

/** Largest data file; all of it is in memory, once per pool and thread. */
const LARGEST: Bytes = 64 * 1024 * 1024;
/** The names of the columns are in so many bytes. */
const LONGEST_HEADER: Bytes = 64 * 1024;

const delimiter = checked(text, (value) => value.length === 1, 'one character', 'bad-value');

/** The config of a data file. */
export const dataFileOptions = struct('a data file', {
  /** Path of a CSV file (RFC 4180) of at most 64 MiB, whose first line names the columns. */
  csv: required(existingFile, 'path of a CSV file of at most 64 MiB, whose first line names the columns'),
  /** Which row an ammo gets: next, in order and again from the first; random; unique, in order, and the run ends after the last. */
  strategy: optional(
    oneOf(['next', 'random', 'unique']),
    'next',
    'which row an ammo gets: next, in order and again from the first; random; unique, in order, and the run ends after the last',
  ),
  /** What separates the fields. */
  delimiter: optional(delimiter, ',', 'what separates the fields'),
  /** Fields may stand in quotes. */
  quotes: optional(flag, true, 'fields may stand in quotes'),
});

/** The decoded config of a data file. */
export type DataFileConfig = StructOf<typeof dataFileOptions.fields>;

const load = createRequire(import.meta.url);

function parsed(bytes: Buffer, { csv, delimiter: separator, quotes }: DataFileConfig, lines?: number): string[][] {
  const { parse } = load('csv-parse/sync') as typeof import('csv-parse/sync');
  try {
    return parse(bytes, {
      delimiter: separator,
      quote: quotes ? '"' : null,
      bom: true,
      skip_empty_lines: true,
      ...(lines === undefined ? {} : { to: lines }),
    }) as string[][];
  } catch (cause) {
    throw new ElpisError('ELPIS_SOURCE', `${csv}: is not CSV: ${describeError(cause)}`, { cause });
  }
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
  const start = readBytes(config.csv, Math.min(LONGEST_HEADER, stat.size));
  return parsed(start, config, 1)[0] ?? [];
}

/** The rows of a data file, in memory, and the row of each ammo. */
export class DataRows {
  readonly columns: readonly string[];
  readonly #rows: readonly (readonly string[])[];

  /**
   * @param slot Keeps its random rows apart from those of other files.
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
    if (stat.size > LARGEST) {
      const hint = 'split it, or leave out columns that are not used';
      throw new ElpisError('ELPIS_SOURCE', `${csv}: has ${stat.size} bytes, more than ${LARGEST}`, { hint });
    }
    const [columns = [], ...rows] = parsed(readBytes(csv, stat.size), config);
    if (rows.length === 0) {
      throw ammoError('no-ammo', `${csv}: has no rows`, { hint: 'the first line names the columns; rows follow it' });
    }
    this.columns = columns;
    this.#rows = rows;
  }

  /** A field of the row of the ammo with that index in the whole run. @throws ElpisError when there is no row left. */
  field(index: number, column: number): string {
    return (this.#rows[this.#rowOf(index)] as readonly string[])[column] as string;
  }

  #rowOf(index: number): number {
    const { length } = this.#rows;
    const { strategy, csv } = this.config;
    if (strategy === 'random') return Math.floor((chance(this.seed, index, this.slot) / 2 ** 32) * length);
    if (strategy === 'next' || index < length) return index % length;
    throw ammoError('no-ammo', `${csv}: its ${length} rows are used up`, {
      hint: 'add rows, set limit to the number of rows, or use the strategy next, which begins again',
    });
  }
}
