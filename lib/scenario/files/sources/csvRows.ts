import { createRequire } from 'node:module';
import { describeError } from '../../../core/errorContext.js';
import type { CsvSource } from '../model.js';
import { type GoMap, textMap } from '../values/goValue.js';

const load = createRequire(import.meta.url);

/** The most lines of one file. */
const MAX_LINES = 5_000_000;

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

/** What is wrong, by the codes of the parser. */
const FAULTS: Readonly<Record<string, string>> = {
  CSV_RECORD_INCONSISTENT_FIELDS_LENGTH: 'its number of columns is not that of the first row',
  CSV_QUOTE_NOT_CLOSED: 'a quote is not closed',
  INVALID_OPENING_QUOTE: 'there is a quote in a column that does not begin with one',
  CSV_INVALID_CLOSING_QUOTE: 'there is text behind a closing quote',
};

/** True when a text has more lines than are read. They are counted before the rows are made, which take much more memory. */
function tooLong(text: string): boolean {
  let lines = 0;
  for (let at = -1; at < text.length; lines++) {
    const next = text.indexOf('\n', at + 1);
    at = next < 0 ? text.length : next;
    // A line feed at the end of the text begins no line.
    if (at === text.length - 1) at++;
  }
  return lines > MAX_LINES;
}

function recordsOf(text: string, delimiter: string): string[][] {
  const { parse } = load('csv-parse/sync') as typeof import('csv-parse/sync');
  // As Go's reader, which reads every line end as a line feed, also in quotes.
  const lines = text.replaceAll('\r\n', '\n').replace(/\r$/, '');
  try {
    return parse(lines, { delimiter, record_delimiter: '\n', skip_empty_lines: true });
  } catch (error) {
    const { code, lines } = Object(error) as { readonly code?: string; readonly lines?: number };
    const fault = FAULTS[code ?? ''];
    throw new SourceError(fault === undefined ? describeError(error) : `line ${lines}: ${fault}`);
  }
}

const columnName = (written: string, index: number): string =>
  written === '' ? String(index) : written.replaceAll(' ', '_');

/**
 * The rows of a CSV file as maps of texts. The columns are named by `fields`, or by the first row, which is also the first row of data
 * unless `ignoreFirstLine` is true.
 *
 * @throws SourceError for what is not CSV, for rows of different lengths, and for more than 5,000,000 lines.
 */
export function csvRows(text: string, { fields, ignoreFirstLine, delimiter }: CsvSource): readonly GoMap[] {
  if (tooLong(text)) throw new SourceError(`it has over ${MAX_LINES} lines`);
  const records = recordsOf(text, delimiterOf(delimiter));
  const names = (fields.length > 0 ? fields : (records[0] ?? [])).map(columnName);
  const data = ignoreFirstLine ? records.slice(1) : records;
  return data.map((record) => textMap(names.map((name, i) => [name, record[i] ?? ''] as const)));
}
