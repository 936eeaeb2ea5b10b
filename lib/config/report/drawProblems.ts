import type { Problem } from './problem.js';

/** The text that problems point into. */
export interface DrawnSource {
  readonly name: string;
  readonly text?: string;
}

function frame({ line, column, length }: Problem, lines: readonly string[]): string {
  const source = line === undefined ? undefined : lines[line - 1];
  if (source === undefined || column === undefined) return '';
  const gutter = ' '.repeat(String(line).length);
  // A tab stays a tab, so that the caret stands below its place.
  const indent = source.slice(0, column - 1).replaceAll(/[^\t]/g, ' ');
  const carets = '^'.repeat(Math.max(1, Math.min(length ?? 1, source.length - column + 1)));
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
