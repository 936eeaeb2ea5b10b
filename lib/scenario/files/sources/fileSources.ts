import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { CodecIssue } from '../../../codec/issue.js';
import { describeError } from '../../../core/errorContext.js';
import { type CsvSource, filePartIssue, type JsonSource } from '../model.js';
import { EvaluationError } from '../values/evaluationError.js';
import { firstJson } from '../values/firstJson.js';
import { type GoMap, type GoValue, textMap } from '../values/goValue.js';

const load = createRequire(import.meta.url);

/** The most rows of one file. */
const MOST_ROWS = 5_000_000;

/** A file that is not what its source says; `place` is a line in it. */
class SourceError extends Error {
  override readonly name = 'SourceError';
}

/** The separator: the first byte of the option, as a character. */
function delimiterOf(option: string): string {
  const delimiter = option === '' ? ',' : Buffer.from(option).subarray(0, 1).toString('latin1');
  if (/["\r\n]/.test(delimiter))
    throw new SourceError(`the delimiter is ${JSON.stringify(option)}, which cannot be one`);
  return delimiter;
}

function recordsOf(text: string, delimiter: string): string[][] {
  const { parse } = load('csv-parse/sync') as typeof import('csv-parse/sync');
  // As Go's reader, which reads every line end as a line feed, also in quotes.
  const lines = text.replaceAll('\r\n', '\n').replace(/\r$/, '');
  try {
    return parse(lines, { delimiter, record_delimiter: '\n', skip_empty_lines: true, to: MOST_ROWS + 1 });
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
 * @throws SourceError for what is not CSV, for rows of different lengths, and for too many rows.
 */
function csvRows(text: string, { fields, ignoreFirstLine, delimiter }: CsvSource): readonly GoMap[] {
  const records = recordsOf(text, delimiterOf(delimiter));
  if (records.length > MOST_ROWS) throw new SourceError(`it has over ${MOST_ROWS} rows`);
  const names = (fields.length > 0 ? fields : (records[0] ?? [])).map(columnName);
  const data = ignoreFirstLine ? records.slice(1) : records;
  return data.map((record) => textMap(names.map((name, i) => [name, record[i] ?? ''] as const)));
}

/** The largest file of a source. Its rows are kept in memory. */
const LARGEST = 268_435_456;

function bytesOf({ file, path }: CsvSource | JsonSource, issues: CodecIssue[]): Buffer | undefined {
  const wrong = (code: 'missing-file' | 'bad-value', expected: string, hint?: string): undefined => {
    issues.push(filePartIssue([...path, 'file'], file, code, expected, hint));
    return undefined;
  };
  try {
    const stat = statSync(file);
    if (!stat.isFile()) return wrong('bad-value', 'a regular file');
    const { size } = stat;
    if (size > LARGEST)
      return wrong(
        'bad-value',
        `a file of at most ${LARGEST} bytes, and this one has ${size}`,
        'use fewer rows, or the provider uri',
      );
    return readFileSync(file);
  } catch (error) {
    const hint = 'a path is relative to the working directory';
    return wrong('missing-file', `a file that can be read: ${describeError(error)}`, hint);
  }
}

/**
 * The value of the file of a source: a list of maps of texts, or the first JSON value.
 *
 * @param issues Receives what is wrong with the file, at its place in the scenario file.
 */
export function fileValue(source: CsvSource | JsonSource, issues: CodecIssue[]): GoValue {
  const bytes = bytesOf(source, issues);
  if (bytes === undefined) return undefined;
  const text = bytes.toString();
  try {
    return source.type === 'file/csv' ? csvRows(text, source) : firstJson(bytes, text);
  } catch (error) {
    if (!(error instanceof SourceError) && !(error instanceof EvaluationError)) throw error;
    const [code, kind] =
      source.type === 'file/json' ? (['bad-json', 'JSON'] as const) : (['bad-value', 'CSV'] as const);
    issues.push(filePartIssue([...source.path, 'file'], source.file, code, `a file with ${kind}: ${error.message}`));
    return undefined;
  }
}
