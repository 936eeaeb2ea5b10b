import { closest } from '../../codec/closest.js';
import { chance, uuid } from './chance.js';

/** The expression between `{{` and `}}`. */
export type Expression =
  | { readonly kind: 'index' | 'uuid' | 'braces' }
  | { readonly kind: 'random'; readonly from: number; readonly to: number }
  | { readonly kind: 'field'; readonly data: string; readonly column: string }
  | { readonly kind: 'json' | 'url'; readonly of: Expression };

/** The names that a template can use: the columns of each data file. */
export type KnownData = ReadonlyMap<string, readonly string[] | undefined>;

const MAX_RANDOM_RANGE = 2 ** 32;
const MAX_EXPRESSION_LENGTH = 256;
const RANDOM = /^random\(\s*(-?\d{1,15})\s*,\s*(-?\d{1,15})\s*\)$/;
const CALL = /^(json|url)\(\s*(.+)\s*\)$/s;
const FIELD = /^([A-Za-z_][\w-]*)\.(.+)$/s;

/** The grammar, for hints. */
export const TEMPLATE_HINT =
  'known are {{index}}, {{uuid}}, {{random(1,100)}}, {{NAME.COLUMN}} of the key data, {{json(...)}}, {{url(...)}} and {{braces}} for two braces';

function fieldOf(text: string, data: string, column: string, known: KnownData): Expression | string {
  if (!known.has(data)) {
    const near = closest(data, [...known.keys()]);
    return `{{${text}}}: the key data has no ${data}${near === undefined ? '' : `; did you mean ${near}?`}`;
  }
  const columns = known.get(data);
  if (columns === undefined || columns.includes(column)) return { kind: 'field', data, column };
  return `{{${text}}}: ${data} has no column ${column}; its columns are ${columns.join(', ')}`;
}

/** Reads the text between the braces, or returns the error as text. */
export function parseExpression(written: string, known: KnownData): Expression | string {
  const text = written.trim();
  if (text.length > MAX_EXPRESSION_LENGTH)
    return `{{${text.slice(0, 60)}...}} is longer than ${MAX_EXPRESSION_LENGTH} characters`;
  if (text === 'index' || text === 'uuid' || text === 'braces') return { kind: text };
  const random = RANDOM.exec(text);
  if (random !== null) {
    const [from, to] = [Number(random[1]), Number(random[2])];
    if (to < from || to - from >= MAX_RANDOM_RANGE)
      return `{{${text}}}: the second number must be at least the first and at most ${MAX_RANDOM_RANGE - 1} more`;
    return { kind: 'random', from, to };
  }
  const call = CALL.exec(text);
  if (call !== null) {
    const of = parseExpression(call[2] as string, known);
    return typeof of === 'string' ? of : { kind: call[1] as 'json' | 'url', of };
  }
  const field = FIELD.exec(text);
  if (field !== null) return fieldOf(text, field[1] as string, field[2] as string, known);
  return `{{${text}}} is not known`;
}

/** A text cut at its expressions: texts and expressions alternate, beginning and ending with a text. */
export interface ParsedTemplate {
  readonly texts: readonly string[];
  readonly expressions: readonly Expression[];
}

/** Reads a text with `{{...}}`. @returns The error as text, or undefined for a text without expressions. */
export function parseTemplate(text: string, known: KnownData): ParsedTemplate | string | undefined {
  if (!text.includes('{{')) return undefined;
  const texts: string[] = [];
  const expressions: Expression[] = [];
  let at = 0;
  for (let open = text.indexOf('{{'); open >= 0; open = text.indexOf('{{', at)) {
    const close = text.indexOf('}}', open);
    if (close < 0) return '{{ is not closed by }}';
    const expression = parseExpression(text.slice(open + 2, close), known);
    if (typeof expression === 'string') return expression;
    texts.push(text.slice(at, open));
    expressions.push(expression);
    at = close + 2;
  }
  texts.push(text.slice(at));
  return { texts, expressions };
}

/** The inputs of the values. */
export interface TemplateValues {
  readonly seed: number;
  readonly field: (data: string, column: string) => (index: number) => string;
}

/**
 * Makes the value of an expression for the ammo with a global index. @param slot The number of the random value within
 * the ammo.
 */
export function compileExpression(
  expression: Expression,
  slot: number,
  { seed, field }: TemplateValues,
): (index: number) => string {
  switch (expression.kind) {
    case 'index':
      return String;
    case 'uuid':
      return (index) => uuid(seed, index, slot);
    case 'braces':
      return () => '{{';
    case 'random': {
      const { from, to } = expression;
      const width = to - from + 1;
      return (index) => String(from + Math.floor((chance(seed, index, slot) / MAX_RANDOM_RANGE) * width));
    }
    case 'field':
      return field(expression.data, expression.column);
    case 'json': {
      const of = compileExpression(expression.of, slot, { seed, field });
      return (index) => JSON.stringify(of(index)).slice(1, -1);
    }
    case 'url': {
      const of = compileExpression(expression.of, slot, { seed, field });
      return (index) => encodeURIComponent(of(index));
    }
  }
}
