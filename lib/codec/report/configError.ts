import { ElpisError } from '../../core/errors.js';
import type { Issue } from '../issue.js';

/** The error of an invalid config: the message shows every issue, and `issues` has them as data. */
export class ConfigError extends ElpisError {
  constructor(
    drawing: string,
    readonly issues: readonly Issue[],
  ) {
    super('ELPIS_CONFIG', drawing);
  }
}

/** The text to which issues refer. */
export interface DrawnSource {
  readonly name: string;
  readonly text?: string;
}

const MAX_WIDTH = 120;

/** The part of a line around a column, and the column within that part, from 1. */
function excerpt(line: string, column: number): readonly [text: string, column: number] {
  if (line.length <= MAX_WIDTH) return [line, column];
  const from = Math.max(0, Math.min(column - 1 - MAX_WIDTH / 2, line.length - MAX_WIDTH));
  const text = `${from > 0 ? '…' : ''}${line.slice(from, from + MAX_WIDTH)}${from + MAX_WIDTH < line.length ? '…' : ''}`;
  return [text, column - from + (from > 0 ? 1 : 0)];
}

function frame(issue: Issue, lines: readonly string[]): string {
  const { line, length = 1, file, lineText } = issue;
  const whole = line === undefined ? undefined : file === undefined ? lines[line - 1] : lineText;
  if (whole === undefined || issue.column === undefined) return '';
  const [source, column] = excerpt(whole, issue.column);
  const gutter = ' '.repeat(String(line).length);
  // A tab stays a tab, so that the caret stands below its place.
  const indent = source.slice(0, column - 1).replaceAll(/[^\t]/g, ' ');
  const carets = '^'.repeat(Math.max(1, Math.min(length, source.length - column + 1)));
  return `\n  ${line} | ${source}\n  ${gutter} | ${indent}${carets}`;
}

/** An issue in one line: its place, what was expected, and a hint. `config` is the name of the document in messages. */
export function issueText({ option, file, line, column, path, message, hint }: Issue, config: string): string {
  const name = file ?? config;
  const place = option ?? (line === undefined ? name : `${name}:${line}:${column}`);
  const where = path === '' ? '' : `${path}: `;
  return `${place}  ${where}${message}${hint === undefined ? '' : ` (${hint})`}`;
}

/**
 * Issues as text: each with its place, the expectation, a hint, and the source line with a caret.
 *
 * @example
 * // load.yaml:12:17  pools[0].rps.duration: expected a duration such as 30s, got "30" (add a unit: 30s)
 * //   12 |       duration: "30"
 * //      |                 ^^^^
 */
export function drawIssues(issues: readonly Issue[], { name, text = '' }: DrawnSource): string {
  const lines = text.split(/\r?\n/);
  const drawn = issues.map((issue) => `${issueText(issue, name)}${frame(issue, lines)}`);
  const count = issues.length === 1 ? '1 error' : `${issues.length} errors`;
  return `${drawn.join('\n')}\n${count} in ${name}`;
}
