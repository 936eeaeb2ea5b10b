import { EvaluationError } from '../values/evaluationError.js';
import { unquoteText } from '../values/goQuote.js';

const INTEGER =
  /^[+-]?(?:0[xX]_?[\da-fA-F]+(?:_[\da-fA-F]+)*|0[oO]_?[0-7]+(?:_[0-7]+)*|0[bB]_?[01]+(?:_[01]+)*|0(?:_?[0-7]+)*|[1-9]\d*(?:_\d+)*)$/;
const FLOAT = /^[+-]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:[eE][+-]?\d+)?$/;
const LEGACY_OCTAL = /^0[0-7]/;
const HALF_RANGE = 2n ** 63n;

function wrong(text: string, why: string): never {
  throw new EvaluationError('template-syntax', `${JSON.stringify(text)} ${why}`);
}

/**
 * The value of a number of a template: a whole number is an `int`, one with a point or an exponent a `float64`.
 *
 * @throws EvaluationError `template-syntax` for what is no number, and for a number that does not fit.
 */
export function numberOf(text: string): number | bigint {
  if (text.endsWith('i')) wrong(text, 'is a complex number, and those are not known here');
  if (INTEGER.test(text)) {
    const negative = text.startsWith('-');
    const digits = text.replace(/^[+-]/, '').replaceAll('_', '');
    const size = BigInt(LEGACY_OCTAL.test(digits) ? `0o${digits}` : digits);
    if (size >= HALF_RANGE + (negative ? 1n : 0n)) wrong(text, 'does not fit into 64 bits');
    return negative ? -size : size;
  }
  if (!FLOAT.test(text) || !/[.eE]/.test(text)) wrong(text, 'is not a number');
  const value = Number(text.replaceAll('_', ''));
  if (!Number.isFinite(value)) wrong(text, 'does not fit into 64 bits');
  return value;
}

/** The value of a character such as `'a'`: its code, an `int`. @throws EvaluationError `template-syntax`. */
export function runeOf(text: string): bigint {
  const characters = [...unquoteText(text)];
  if (characters.length !== 1) wrong(text, 'is not one character');
  return BigInt(characters[0]?.codePointAt(0) ?? 0);
}
