/** What is wrong with a path, a call, a template or a response. Stable: samples and messages have these names. */
export type EvaluationCode =
  | 'missing-key'
  | 'bad-index'
  | 'empty-list'
  | 'not-a-list'
  | 'not-a-map'
  | 'not-an-integer'
  | 'equal-bounds'
  | 'too-many-arguments'
  | 'negative-length'
  | 'too-long'
  | 'template-syntax'
  | 'template-type'
  | 'field-of-scalar'
  | 'template-limit'
  | 'path-syntax'
  | 'index-out-of-bounds'
  | 'key-of-array'
  | 'not-json'
  | 'too-deep'
  | 'too-slow'
  | 'not-a-node-set'
  | 'bad-brackets'
  | 'unknown-modifier'
  | 'replace-arguments'
  | 'substr-argument-not-integer'
  | 'bad-url'
  | 'bad-payload'
  | 'body-mismatch'
  | 'header-mismatch'
  | 'status-mismatch'
  | 'size-mismatch';

/**
 * A value that cannot be computed: a path that leads nowhere, a template that cannot be rendered, a response that a
 * postprocessor refuses. It fails one step, and never ends the run.
 */
export class EvaluationError extends Error {
  override readonly name: string = 'EvaluationError';

  constructor(
    readonly code: EvaluationCode,
    message: string,
  ) {
    super(message);
  }
}
