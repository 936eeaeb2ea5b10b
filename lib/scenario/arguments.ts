import { A_FUNCTION, type Expectation, either } from '../core/argument.js';

/** A step. */
export const A_STEP: Expectation = { ...A_FUNCTION, hint: 'a step is a function such as (flow) => flow.pipe(...)' };

/** A number, or a function from a session to it. */
export const A_NUMBER_PART: Expectation = either(
  { expected: 'a number', holds: (value) => typeof value === 'number' && !Number.isNaN(value) },
  A_FUNCTION,
);

/** A yes or no, or a function from a session to it. */
export const A_FLAG_PART: Expectation = either(
  { expected: 'true, false', holds: (value) => typeof value === 'boolean' },
  A_FUNCTION,
);

/** A text or a regular expression. */
export const A_PATTERN: Expectation = {
  expected: 'a text or a regular expression',
  holds: (value) => typeof value === 'string' || value instanceof RegExp,
};
