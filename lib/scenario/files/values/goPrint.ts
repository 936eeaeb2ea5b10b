import { EvaluationError } from './evaluationError.js';
import { formatFloat } from './goNumber.js';
import { type GoValue, isList, sortedKeys } from './goValue.js';

/**
 * How numbers of JSON are printed. `plain`: whole numbers below 2^53 have all their digits, such as `1000000`. `go`: as Pandora
 * does, with an exponent from a million on, such as `1e+06`.
 */
export type NumberStyle = 'plain' | 'go';

/** The most characters of one text that a template makes. */
export const MAX_TEXT = 16_777_216;

/** @throws EvaluationError `template-limit` for a text that is too long. */
export function boundedText(text: string): string {
  if (text.length <= MAX_TEXT) return text;
  throw new EvaluationError('template-limit', `it makes a text of over ${MAX_TEXT} characters`);
}

/** How values become text. */
export interface PrintOptions {
  readonly numbers: NumberStyle;
}

/** A number of JSON as text. */
export function printNumber(value: number, { numbers }: PrintOptions): string {
  if (numbers === 'plain' && Number.isSafeInteger(value) && !Object.is(value, -0)) return String(value);
  return formatFloat(value, 'g');
}

/** A value as Go's `%v` prints it: lists as `[a b]`, maps as `map[k:v]` with sorted keys. */
export function printValue(value: GoValue, options: PrintOptions): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
      return printNumber(value, options);
    case 'bigint':
    case 'boolean':
      return String(value);
    case 'undefined':
      return '<nil>';
    default:
      if (value === null) return '<nil>';
      if (isList(value)) return `[${value.map((each) => printValue(each, options)).join(' ')}]`;
      return `map[${sortedKeys(value)
        .map((key) => `${key}:${printValue(value[key], options)}`)
        .join(' ')}]`;
  }
}

/** The text of a value that a template inserts. */
export const insertedText = (value: GoValue, options: PrintOptions): string =>
  value === undefined || value === null ? '<no value>' : printValue(value, options);

/** Values one after another as Go's `print` does: with a space between two of which neither is a text. */
export function printAll(values: readonly GoValue[], options: PrintOptions): string {
  let text = '';
  values.forEach((value, i) => {
    if (i > 0 && typeof value !== 'string' && typeof values[i - 1] !== 'string') text += ' ';
    text = boundedText(text + printValue(value, options));
  });
  return text;
}

/** Values one after another as Go's `println` does: with spaces between and a line end. */
export const printLine = (values: readonly GoValue[], options: PrintOptions): string =>
  `${values.reduce<string>((text, value, i) => boundedText(`${text}${i > 0 ? ' ' : ''}${printValue(value, options)}`), '')}\n`;
