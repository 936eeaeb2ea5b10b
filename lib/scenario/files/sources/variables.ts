import type { CodecIssue } from '../../../codec/issue.js';
import type { Path } from '../../../codec/report/path.js';
import type { Random } from '../../../core/deps.js';
import { filePartIssue, type VariablesSource } from '../model.js';
import { EvaluationError } from '../values/evaluationError.js';
import { parseCall } from '../values/functions.js';
import type { PrintOptions } from '../values/goPrint.js';
import type { GoMap, GoValue } from '../values/goValue.js';

/** What is wrong with the calls in a source: nothing, or an issue each. */
export type VariableIssues = (path: Path, text: string, error: EvaluationError) => void;

/** Computes the values of a source `variables`. */
class VariableReader {
  constructor(
    private readonly random: Random,
    private readonly print: PrintOptions,
    private readonly wrong: VariableIssues,
  ) {}

  valueOf(written: unknown, path: Path): GoValue {
    if (typeof written === 'string') return this.#text(written, path);
    // In YAML, a whole number is an int, which has no exponent when it is printed.
    if (typeof written === 'number') return Number.isSafeInteger(written) ? BigInt(written) : written;
    if (Array.isArray(written)) return written.map((each: unknown, i) => this.valueOf(each, [...path, i]));
    if (typeof written === 'object' && written !== null) return this.mapOf(written, path);
    return typeof written === 'boolean' || typeof written === 'bigint' ? written : null;
  }

  mapOf(written: object, path: Path): GoMap {
    const map = Object.create(null) as Record<string, GoValue>;
    for (const [key, value] of Object.entries(written)) map[key] = this.valueOf(value, [...path, key]);
    return map;
  }

  #text(text: string, path: Path): string {
    const call = parseCall(text);
    if (call === undefined) return text;
    try {
      return call.function(call.args, this.random, this.print);
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      this.wrong(path, text, error);
      return text;
    }
  }
}

/**
 * The values of a source `variables`. Every text in it that is a call of a function is replaced by its result, also in maps and lists.
 *
 * @param random Of the run: the values are the same in all threads.
 */
export function variablesOf(
  { variables, path }: VariablesSource,
  random: Random,
  print: PrintOptions,
  wrong: VariableIssues = () => undefined,
): GoMap {
  return new VariableReader(random, print, wrong).mapOf(variables, [...path, 'variables']);
}

/** The issues of the calls in a source; what is wrong with a call does not depend on chance. */
export function variableIssues(source: VariablesSource, print: PrintOptions): readonly CodecIssue[] {
  const issues: CodecIssue[] = [];
  variablesOf(
    source,
    () => 0,
    print,
    (path, text, error) =>
      issues.push(filePartIssue(path, text, 'bad-value', `a text or a call of a function: ${error.message}`)),
  );
  return issues;
}
