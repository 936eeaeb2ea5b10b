import { type EvaluationCode, EvaluationError } from '../values/evaluationError.js';

/** A template that cannot be read or rendered, with the place inside of it. */
export class TemplateError extends EvaluationError {
  override readonly name = 'TemplateError';
  /** From 1. */
  readonly line: number;
  /** In characters, from 1. */
  readonly column: number;

  /**
   * @param template The whole text.
   * @param offset Where it is wrong.
   */
  constructor(
    code: EvaluationCode,
    readonly reason: string,
    template: string,
    offset: number,
  ) {
    const before = template.slice(0, offset).split('\n');
    const line = before.length;
    const column = [...(before.at(-1) as string)].length + 1;
    super(code, `line ${line}, column ${column} of the template: ${reason}`);
    this.line = line;
    this.column = column;
  }
}
