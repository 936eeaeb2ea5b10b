import { EvaluationError } from '../values/evaluationError.js';
import { compareTexts, type GoValue, typeName } from '../values/goValue.js';

const nothing = (value: GoValue): value is undefined | null => value === undefined || value === null;

function incomparable(a: GoValue, b: GoValue): never {
  throw new EvaluationError(
    'template-type',
    `a value of type ${typeName(a)} is compared with one of type ${typeName(b)}`,
  );
}

/**
 * Go's `eq`: values of one type, or nothing with anything.
 *
 * @throws EvaluationError `template-type` for values of two types, such as an int and a float64, and for two lists or maps.
 */
export function equal(a: GoValue, b: GoValue): boolean {
  if (nothing(a) || nothing(b)) return nothing(a) && nothing(b);
  if (typeof a !== typeof b || typeof a === 'object') incomparable(a, b);
  return a === b;
}

/** Go's `lt`: two numbers of one type, or two texts by their bytes. @throws EvaluationError `template-type` for anything else. */
export function less(a: GoValue, b: GoValue): boolean {
  if (typeof a === 'string' && typeof b === 'string') return compareTexts(a, b) < 0;
  if (typeof a === 'number' && typeof b === 'number') return a < b;
  if (typeof a === 'bigint' && typeof b === 'bigint') return a < b;
  return incomparable(a, b);
}
