import { createRequire } from 'node:module';
import { describeError } from '../../../core/errorContext.js';
import type { CsvSource } from '../model.js';
import { type GoMap, textMap } from '../values/goValue.js';

const load = createRequire(import.meta.url);

/** The most rows of one file. */
const MAX_ROWS = 5_000_000;

/** A file that is not what its source says. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
}

/** The separator: the first byte of the option, as a character. */
function delimiterOf(option: string): string {
  const delimiter = option === '' ? ',' : Buffer.from(option).subarray(0, 1).toString('latin1');
  if (/["\r\n]/.test(delimiter))
    throw new SourceError(`the delimiter is ${JSON.stringify(option)}, which cannot be one`);
  return delimiter;
}

function recordsOf(text: string, delimiter: string, mostRows: number): string[][] {
  const { parse } = load('csv-parse/sync') as typeof import('csv-parse/sync');
  // As Go's reader, which reads every line end as a line feed, also in quotes.
  const lines = text.replaceAll('\r\n', '\n').replace(/\r$/, '');
  try {
    return parse(lines, { delimiter, record_delimiter: '\n', skip_empty_lines: true, to: mostRows + 1 });
  } catch (error) {
    throw new SourceError(`it is not CSV: ${describeError(error)}`);
  }
}

const columnName = (written: string, index: number): string =>
  written === '' ? String(index) : written.replaceAll(' ', '_');

/**
 * The rows of a CSV file as maps of texts. The columns are named by `fields`, or by the first row, which is also the first row of data
 * unless `ignoreFirstLine` is true.
 *
 * @param mostRows The most rows, with that of the names.
 * @throws SourceError for what is not CSV, for rows of different lengths, and for too many rows.
 */
export function csvRows(
  text: string,
  { fields, ignoreFirstLine, delimiter }: CsvSource,
  mostRows = MAX_ROWS,
): readonly GoMap[] {
  const records = recordsOf(text, delimiterOf(delimiter), mostRows);
  if (records.length > mostRows) throw new SourceError(`it has over ${mostRows} rows`);
  const names = (fields.length > 0 ? fields : (records[0] ?? [])).map(columnName);
  const data = ignoreFirstLine ? records.slice(1) : records;
  return data.map((record) => textMap(names.map((name, i) => [name, record[i] ?? ''] as const)));
}
