import type { TransportResponse } from '../../../protocols/transport.js';
import { EvaluationError } from '../values/evaluationError.js';
import type { GoValue } from '../values/goValue.js';

/** The variables that a postprocessor returns, by name. */
export type ExtractedVariables = ReadonlyMap<string, GoValue>;

/**
 * Reads variables from a response, or checks it.
 *
 * @throws EvaluationError when the response does not have what it needs; that fails the step.
 */
export type Postprocess = (response: TransportResponse) => ExtractedVariables;

/** What is wrong with an expression for every response: the step of it fails always. */
export interface ExpressionProblem {
  /** The name of the variable or of the check. */
  readonly key: string;
  readonly error: EvaluationError;
}

/** A postprocessor that was read. */
export interface CompiledPostprocessor {
  readonly extract: Postprocess;
  readonly problems: readonly ExpressionProblem[];
}

/**
 * Reads the expressions of a mapping. One that cannot be read is a problem, and fails every step that evaluates it.
 *
 * @param read Reads an expression. @throws EvaluationError
 */
export function compileMapping<T>(
  mapping: Readonly<Record<string, string>>,
  read: (expression: string) => T,
): {
  readonly entries: readonly (readonly [name: string, entry: T])[];
  readonly problems: readonly ExpressionProblem[];
} {
  const entries: [string, T][] = [];
  const problems: ExpressionProblem[] = [];
  for (const [key, expression] of Object.entries(mapping)) {
    try {
      entries.push([key, read(expression)]);
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      problems.push({ key, error });
    }
  }
  return { entries, problems };
}

/** Throws the first problem of a postprocessor, as its expression would when it is evaluated. */
export function throwFirst(problems: readonly ExpressionProblem[]): void {
  const [first] = problems;
  if (first !== undefined) throw first.error;
}
