import { EvaluationError } from '../values/evaluationError.js';
import type { GoValue } from '../values/goValue.js';
import { shown } from '../values/goValue.js';
import { type CompiledPostprocessor, compileMapping, throwFirst } from './postprocessor.js';

/** Changes the value of a header. */
type Modifier = (value: string) => string;

/** The longest value that modifiers make. */
const LONGEST = 1_048_576;

/** A modifier and its arguments, which commas separate. */
function callOf(text: string): { readonly name: string; readonly args: readonly string[] } {
  const open = text.indexOf('(');
  if (open < 0) {
    if (text.includes(')')) throw new EvaluationError('bad-brackets', `the modifier ${shown(text)} has ) without (`);
    return { name: text, args: [] };
  }
  const trimmed = text.trim();
  if (!trimmed.endsWith(')'))
    throw new EvaluationError('bad-brackets', `the modifier ${shown(text)} has no ) at its end`);
  const inside = trimmed.slice(trimmed.indexOf('(') + 1, -1);
  if (/[()]/.test(inside))
    throw new EvaluationError('bad-brackets', `the modifier ${shown(text)} has brackets in its arguments`);
  return { name: trimmed.slice(0, trimmed.indexOf('(')).trim(), args: inside.split(',').map((arg) => arg.trim()) };
}

function integer(text: string): number {
  const value = Number(text);
  if (/^[+-]?\d+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new EvaluationError('substr-argument-not-integer', `substr: ${shown(text)} is not an integer`);
}

/** `start` and `end` are positions in the bytes. What is outside of the text counts as its begin or its end. */
function substr(args: readonly string[]): Modifier {
  if (args.length === 0 || args.length > 2)
    throw new EvaluationError('substr-argument-not-integer', `substr has ${args.length} arguments, expected 1 or 2`);
  const [start = 0, end = 0] = args.map(integer);
  return (value) => {
    const bytes = Buffer.from(value);
    const inside = (position: number): number => Math.min(Math.max(0, position), bytes.length);
    const from = inside(start < 0 ? bytes.length + start : start);
    const to = inside(end <= 0 ? bytes.length + end : end);
    return bytes.subarray(Math.min(from, to), Math.max(from, to)).toString();
  };
}

function replace(args: readonly string[]): Modifier {
  const [search, by] = args;
  if (args.length !== 2 || search === undefined || by === undefined)
    throw new EvaluationError('replace-arguments', `replace has ${args.length} arguments, expected 2`);
  return (value) => value.replaceAll(search, () => by);
}

function modifierOf(text: string): Modifier {
  const { name, args } = callOf(text);
  switch (name) {
    case 'lower':
      return (value) => value.toLowerCase();
    case 'upper':
      return (value) => value.toUpperCase();
    case 'substr':
      return substr(args);
    case 'replace':
      return replace(args);
    default:
      throw new EvaluationError(
        'unknown-modifier',
        `${shown(text)} is not a modifier; known are lower, upper, substr and replace`,
      );
  }
}

/** A header and the modifiers of its value, such as `X-Token|upper|substr(7)`. */
function parseHeaderExpression(expression: string): { readonly name: string; readonly modify: Modifier } {
  const [name = '', ...texts] = expression.split('|');
  const modifiers = texts.map(modifierOf);
  const modify: Modifier = (value) =>
    modifiers.reduce((result, modifier) => {
      const next = modifier(result);
      if (next.length > LONGEST)
        throw new EvaluationError('too-long', `the value is longer than ${LONGEST} characters`);
      return next;
    }, value);
  return { name, modify };
}

/**
 * The postprocessor `var/header`: variables from the first header of a name, changed by modifiers. A header that is missing or empty
 * sets no variable.
 */
export function varHeader(mapping: Readonly<Record<string, string>>): CompiledPostprocessor {
  const { entries, problems } = compileMapping(mapping, parseHeaderExpression);
  return {
    problems,
    extract: (response) => {
      const variables = new Map<string, GoValue>();
      throwFirst(problems);
      for (const [variable, { name, modify }] of entries) {
        const value = response.header(name);
        if (value !== undefined && value !== '') variables.set(variable, modify(value));
      }
      return variables;
    },
  };
}
