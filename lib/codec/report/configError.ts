import { ElpisError } from '../../core/errors.js';
import type { Flaw } from '../issue.js';
import type { ConfigDocument } from './document.js';
import { type Problem, problemsOf } from './problems.js';

/** A config that cannot be used: the message draws every problem, and `problems` holds them as data. */
export class ConfigError extends ElpisError {
  constructor(
    drawing: string,
    readonly problems: readonly Problem[],
  ) {
    super('ELPIS_CONFIG', drawing);
  }
}

/** The text that problems point into. */
export interface DrawnSource {
  readonly name: string;
  readonly text?: string;
}

const WIDEST = 120;

/** The part of a line around a column, and where that column is in it, from 1. */
function excerpt(line: string, column: number): readonly [text: string, column: number] {
  if (line.length <= WIDEST) return [line, column];
  const from = Math.max(0, Math.min(column - 1 - WIDEST / 2, line.length - WIDEST));
  const text = `${from > 0 ? '…' : ''}${line.slice(from, from + WIDEST)}${from + WIDEST < line.length ? '…' : ''}`;
  return [text, column - from + (from > 0 ? 1 : 0)];
}

function frame(problem: Problem, lines: readonly string[]): string {
  const { line, length = 1 } = problem;
  const whole = line === undefined ? undefined : lines[line - 1];
  if (whole === undefined || problem.column === undefined) return '';
  const [source, column] = excerpt(whole, problem.column);
  const gutter = ' '.repeat(String(line).length);
  // A tab stays a tab, so that the caret stands below its place.
  const indent = source.slice(0, column - 1).replaceAll(/[^\t]/g, ' ');
  const carets = '^'.repeat(Math.max(1, Math.min(length, source.length - column + 1)));
  return `\n  ${line} | ${source}\n  ${gutter} | ${indent}${carets}`;
}

/**
 * Problems for a person: each with its place, what was expected, a hint, and the source line with a caret.
 *
 * @example
 * // load.yaml:12:17  pools[0].rps.duration: expected duration such as 30s, got "30" (add a unit: 30s)
 * //   12 |       duration: "30"
 * //      |                 ^^^^
 */
export function drawProblems(problems: readonly Problem[], { name, text = '' }: DrawnSource): string {
  const lines = text.split(/\r?\n/);
  const drawn = problems.map((problem) => {
    const { line, column, path, message, hint } = problem;
    const place = line === undefined ? name : `${name}:${line}:${column}`;
    const where = path === '' ? '' : `${path}: `;
    return `${place}  ${where}${message}${hint === undefined ? '' : ` (${hint})`}${frame(problem, lines)}`;
  });
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return `${drawn.join('\n')}\n${count} in ${name}`;
}

/** Every flaw of a config in words, in the order of the document, each with its line and a caret below the place. */
export function drawFlaws(flaws: readonly Flaw[], document: ConfigDocument): string {
  return drawProblems(problemsOf(flaws, document), document);
}
