import { readFileSync, statSync } from 'node:fs';
import { isLeft } from 'fp-ts/lib/Either.js';
import type { CodecIssue } from '../../../codec/issue.js';
import { yamlDocument } from '../../../codec/text/yaml.js';
import type { Random } from '../../../core/deps.js';
import { describeError } from '../../../core/errorContext.js';
import type { VariableSource } from '../model.js';
import { type CsvSource, filePartIssue, type JsonSource } from '../model.js';
import { EvaluationError } from '../values/evaluationError.js';
import { firstJson } from '../values/firstJson.js';
import type { PrintOptions } from '../values/goPrint.js';
import type { GoMap, GoValue } from '../values/goValue.js';
import { csvRows, SourceError } from './csvRows.js';
import { variableIssues, variablesOf } from './variables.js';

/** The largest file of a source. Its rows are kept in memory. */
const MAX_SIZE = 268_435_456;
/** In longer texts the place of a fault is not searched for. */
const MAX_SEARCHED = 1_048_576;

function bytesOf({ file, path }: CsvSource | JsonSource, issues: CodecIssue[]): Buffer | undefined {
  const wrong = (code: 'missing-file' | 'bad-value', expected: string, hint?: string): undefined => {
    issues.push(filePartIssue([...path, 'file'], file, code, expected, hint));
    return undefined;
  };
  try {
    const stat = statSync(file);
    if (!stat.isFile()) return wrong('bad-value', 'a regular file');
    const { size } = stat;
    if (size > MAX_SIZE)
      return wrong(
        'bad-value',
        `a file of at most ${MAX_SIZE} bytes, and this one has ${size}`,
        'use fewer rows, or the provider uri',
      );
    return readFileSync(file);
  } catch (error) {
    const hint = 'a relative path starts at the working directory, not at the scenario file';
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const expected = missing ? 'the path of an existing file' : `a file that can be read: ${describeError(error)}`;
    return wrong('missing-file', expected, hint);
  }
}

/**
 * The value of the file of a source: a list of maps of texts, or the first JSON value.
 *
 * @param issues Receives what is wrong with the file, at its place in the scenario file.
 */
function fileValue(source: CsvSource | JsonSource, issues: CodecIssue[]): GoValue {
  const bytes = bytesOf(source, issues);
  if (bytes === undefined) return undefined;
  const text = bytes.toString();
  try {
    return source.type === 'file/csv' ? csvRows(text, source) : firstJson(bytes, text);
  } catch (error) {
    if (!(error instanceof SourceError) && !(error instanceof EvaluationError)) throw error;
    const [code, kind] =
      source.type === 'file/json' ? (['bad-json', 'JSON'] as const) : (['bad-value', 'CSV'] as const);
    const reason = source.type === 'file/json' ? `${error.message}${faultPlace(text)}` : error.message;
    issues.push(filePartIssue([...source.path, 'file'], source.file, code, `a file with ${kind}: ${reason}`));
    return undefined;
  }
}

/** Where a text is no JSON, as far as it is no YAML either, which includes JSON; empty when that is not known. */
function faultPlace(text: string): string {
  if (text.length > MAX_SEARCHED) return '';
  const read = yamlDocument('', text);
  const fault = isLeft(read) ? read.left.issues.find(({ line }) => line !== undefined) : undefined;
  return fault === undefined ? '' : `; the fault is in line ${fault.line}, column ${fault.column}`;
}

/** The sources of a file, read. */
export interface LoadedSources {
  /** What is wrong with them: files that are missing or are not what they should be, calls that fail. */
  readonly issues: readonly CodecIssue[];
  /**
   * Their values, by name.
   *
   * @param random For the calls of functions in `variables`. It MUST be the same in all threads.
   */
  values(random: Random): GoMap;
}

/**
 * Reads the files of the sources, once. Of two sources with one name the last one counts.
 *
 * - `file/csv` is a list of maps of texts, `file/json` the first JSON value of a file, `variables` a map.
 * - What is wrong is an issue at its place in the scenario file.
 */
export function loadSources(sources: readonly VariableSource[], print: PrintOptions): LoadedSources {
  const issues: CodecIssue[] = [];
  const files = new Map<VariableSource, GoValue>();
  for (const source of sources) {
    if (source.type === 'variables') issues.push(...variableIssues(source, print));
    else files.set(source, fileValue(source, issues));
  }
  return {
    issues,
    values: (random) => {
      const values = Object.create(null) as Record<string, GoValue>;
      for (const source of sources)
        values[source.name] = source.type === 'variables' ? variablesOf(source, random, print) : files.get(source);
      return values;
    },
  };
}
