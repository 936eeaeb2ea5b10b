import type { TransportResponse } from '../../../protocols/transport.js';
import type { HttpAssertion, SizeOperator } from '../model.js';
import { EvaluationError } from '../values/evaluationError.js';
import { shown } from '../values/goValue.js';
import type { CompiledPostprocessor } from './postprocessor.js';

const SIZE: Readonly<Record<SizeOperator, readonly [holds: (size: number, val: number) => boolean, words: string]>> = {
  eq: [(size, val) => size === val, ''],
  lt: [(size, val) => size <= val, 'at most '],
  gt: [(size, val) => size >= val, 'at least '],
};

/** The checks in their order. @throws EvaluationError for the first that fails. */
function check(response: TransportResponse, { body, headers, statusCode, size }: HttpAssertion): void {
  const missing = body.find((pattern) => !response.text.includes(pattern));
  if (missing !== undefined) throw new EvaluationError('body-mismatch', `the body does not contain ${shown(missing)}`);
  for (const [name, pattern] of Object.entries(headers)) {
    const value = response.header(name) ?? '';
    if (!value.includes(pattern))
      throw new EvaluationError(
        'header-mismatch',
        `the header ${name} is ${shown(value)}, expected ${shown(pattern)} in it`,
      );
  }
  if (statusCode !== 0 && statusCode !== response.status)
    throw new EvaluationError('status-mismatch', `the status is ${response.status}, expected ${statusCode}`);
  if (size === undefined) return;
  const [holds, words] = SIZE[size.op];
  if (!holds(response.size, size.val))
    throw new EvaluationError('size-mismatch', `the body has ${response.size} bytes, expected ${words}${size.val}`);
}

/** The postprocessor `assert/response`. It sets no variables; a check that fails, fails the step. */
export function assertResponse(assertion: HttpAssertion): CompiledPostprocessor {
  return {
    problems: [],
    extract: (response) => {
      check(response, assertion);
      return new Map();
    },
  };
}
