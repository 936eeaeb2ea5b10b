import { createRequire } from 'node:module';
import { A_LIST, checkArgument } from '../../core/argument.js';
import { describeError } from '../../core/errorContext.js';
import { ElpisError } from '../../core/errors.js';
import { checkRows, type Feeder, type FeederOptions, type RowSource, readRows, rowsFeeder } from './rowsFeeder.js';

const load = createRequire(import.meta.url);

/** Options of {@link csvFeeder}. */
export type CsvFeederOptions<Column extends string> = RowSource &
  FeederOptions & {
    /** The columns that become variables. */
    readonly columns: readonly Column[];
    /** Whether the first line names the columns. Default true. With false, `columns` names them in order. */
    readonly header?: boolean;
    /** The separator. Default: a comma. */
    readonly delimiter?: string;
  };

/**
 * Feeds sessions from CSV (RFC 4180): the named columns, as text. The whole source is read into memory at once.
 *
 * @throws ElpisError `ELPIS_SOURCE` when it cannot be read or a column is missing, `ELPIS_NO_AMMO` when it has no rows.
 *
 * @example
 * const users = csvFeeder({ text: 'user,password\nann,secret\n', columns: ['user', 'password'], strategy: 'unique' });
 */
export function csvFeeder<const Column extends string>(
  options: CsvFeederOptions<Column>,
): Feeder<Readonly<Record<Column, string>>> {
  checkRows('csvFeeder', options);
  checkArgument('csvFeeder', 'columns', options.columns, A_LIST);
  const { columns, header = true, delimiter = ',' } = options;
  const { name, text } = readRows(options);
  const { parse } = load('csv-parse/sync') as typeof import('csv-parse/sync');
  let rows: string[][];
  try {
    rows = parse(text, { delimiter, bom: true, skip_empty_lines: true });
  } catch (cause) {
    const why = describeError(cause);
    throw new ElpisError('ELPIS_SOURCE', `feeder "${name}" is not CSV: ${why}`, { cause });
  }
  const names = header ? (rows.shift() ?? []) : columns;
  const places = columns.map((column) => [column, names.indexOf(column)] as const);
  const missing = places.filter(([, place]) => place < 0).map(([column]) => column);
  if (missing.length > 0) {
    const message = `feeder "${name}" has no column ${missing.join(', ')}; its columns are ${names.join(', ')}`;
    throw new ElpisError('ELPIS_SOURCE', message, {
      hint: 'names are case-sensitive; without a line of names, set header: false',
    });
  }
  const records = rows.map((row) => Object.fromEntries(places.map(([column, place]) => [column, row[place] ?? ''])));
  return rowsFeeder(name, records as Readonly<Record<Column, string>>[], options);
}
