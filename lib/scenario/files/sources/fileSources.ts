import { readFileSync, statSync } from 'node:fs';
import type { CodecIssue } from '../../../codec/issue.js';
import { describeError } from '../../../core/errorContext.js';
import { type CsvSource, filePartIssue, type JsonSource } from '../model.js';
import { EvaluationError } from '../values/evaluationError.js';
import { firstJson } from '../values/firstJson.js';
import type { GoValue } from '../values/goValue.js';
import { csvRows, SourceError } from './csvRows.js';

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
