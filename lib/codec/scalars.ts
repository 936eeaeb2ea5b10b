import { isLeft, right } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { describeError } from '../core/errorContext.js';
import { type Advise, advised } from './advice.js';
import { checked } from './bounds.js';
import { closest } from './closest.js';
import { type Codec, fail, type IssueCode } from './issue.js';
import { Reference } from './reference.js';
import { allowReference, type JsonSchema, withSchema } from './schema.js';

/** Outcome of {@link scalar}'s parse function: a value, or an issue. */
export type Parsed<A> = { readonly value: A } | { readonly code: IssueCode; readonly hint?: string };

/** Options of a {@link scalar}. */
export interface AboutScalar<A = unknown, W = A> {
  /** The expectation in words, for the message. */
  readonly name: string;
  /** The values that an editor accepts besides a `${...}` reference, as JSON Schema. Default: any. */
  readonly schema?: JsonSchema;
  /** Advice about accepted values that are probably not intended; it becomes a warning. */
  readonly advise?: Advise;
  /** The written form of a value. Default: the value itself. */
  readonly encode?: (value: A) => W;
}

/**
 * A codec for a single value from a parse function.
 *
 * @param about The expectation in words, or all options.
 * @param parse Reads a raw value. For a value that consists of one `${...}` reference it gets the text of the
 *   reference, and true as `referenced`: such a text can become a number or a flag, quoted text cannot.
 * @example
 * const even = scalar<number>('an even number', (raw) =>
 *   typeof raw === 'number' && raw % 2 === 0 ? { value: raw } : { code: 'wrong-type' });
 */
export function scalar<A, W>(
  about: AboutScalar<A, W> & { readonly encode: (value: A) => W },
  parse: (raw: unknown, referenced: boolean) => Parsed<A>,
): Codec<A, W>;
export function scalar<A>(
  about: string | Omit<AboutScalar, 'encode'>,
  parse: (raw: unknown, referenced: boolean) => Parsed<A>,
): Codec<A, A>;
export function scalar<A>(
  about: string | AboutScalar<A, unknown>,
  parse: (raw: unknown, referenced: boolean) => Parsed<A>,
): Codec<A> {
  const { name, schema, advise, encode = t.identity } = typeof about === 'string' ? { name: about } : about;
  const validate: t.Validate<unknown, A> = (raw, context) => {
    const parsed = raw instanceof Reference ? parse(raw.text, true) : parse(raw, false);
    return 'value' in parsed ? right(parsed.value) : fail(raw, context, parsed.code, name, parsed.hint);
  };
  const is = (raw: unknown): raw is A => !isLeft(validate(raw, []));
  const codec = advised(new t.Type<A, unknown, unknown>(name, is, validate, encode), advise);
  return schema === undefined ? codec : withSchema(codec, () => allowReference(schema));
}

/** Text. Numbers and booleans are not converted: quote them. */
export const text: Codec<string, string> = scalar({ name: 'text', schema: { type: 'string' } }, (raw) => {
  if (typeof raw === 'string') return { value: raw };
  const scalarValue = typeof raw === 'number' || typeof raw === 'boolean';
  return scalarValue ? { code: 'wrong-type', hint: `quote it: "${raw}"` } : { code: 'wrong-type' };
});

const TRUE = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);
const FALSE = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False']);

/** True or false. A quoted "true" is refused; a whole-value `${...}` reference is converted. */
export const flag: Codec<boolean, boolean> = scalar(
  { name: 'true or false', schema: { type: 'boolean' } },
  (raw, referenced) => {
    if (typeof raw === 'boolean') return { value: raw };
    if (typeof raw !== 'string') return { code: 'wrong-type' };
    if (referenced && TRUE.has(raw)) return { value: true };
    if (referenced && FALSE.has(raw)) return { value: false };
    return !referenced ? { code: 'wrong-type', hint: 'write true or false without quotes' } : { code: 'wrong-type' };
  },
);

const WRITTEN = /^([+-]?)(0x(?:_?[\da-f])+|0o(?:_?[0-7])+|0b(?:_?[01])+|0(?:_?[0-7])+|[1-9](?:_?\d)*|0)$/i;

/**
 * Reads a whole number as Go writes it (https://pkg.go.dev/strconv#ParseInt with base 0): decimal, 0x, 0o, 0b, or octal
 * with a leading 0, underscores between digits. Returns undefined for anything else and beyond 2^53.
 *
 * @example
 * parseInteger('0x1F'); // 31
 * parseInteger('1_000'); // 1000
 */
export function parseInteger(text: string): number | undefined {
  const match = WRITTEN.exec(text);
  if (match === null) return undefined;
  const digits = (match[2] as string).replaceAll('_', '');
  const value = Number(/^0\d/.test(digits) ? `0o${digits.slice(1)}` : digits);
  if (!Number.isSafeInteger(value)) return undefined;
  return match[1] === '-' && value !== 0 ? -value : value;
}

const advise = (raw: unknown): string | undefined =>
  typeof raw === 'number' && !Number.isInteger(raw)
    ? `${raw} counts as ${Math.trunc(raw)}: the fraction is cut off`
    : undefined;

/**
 * A whole number. A fraction is cut off toward zero, as Pandora does. A quoted number is refused; a whole-value `${...}`
 * reference may be decimal, 0x, 0o, 0b, or octal with a leading 0, with underscores between digits.
 */
export const integer: Codec<number, number> = scalar(
  { name: 'a whole number', schema: { type: 'number' }, advise },
  (raw, referenced) => {
    if (typeof raw === 'number' && Number.isFinite(raw)) return { value: Math.trunc(raw) };
    const value = typeof raw === 'string' ? parseInteger(raw) : undefined;
    if (value === undefined) return { code: 'wrong-type' };
    return referenced ? { value } : { code: 'wrong-type', hint: 'write it without quotes' };
  },
);

const FLOAT = /^[+-]?(\d+(_\d+)*\.?(\d+(_\d+)*)?|\.\d+(_\d+)*)(e[+-]?\d+)?$/i;

function parse(text: string): number | undefined {
  if (!FLOAT.test(text)) return parseInteger(text);
  const value = Number(text.replaceAll('_', ''));
  return Number.isFinite(value) ? value : undefined;
}

/** A finite number, fractions allowed. A quoted number is refused; a whole-value `${...}` reference is converted. */
export const float: Codec<number, number> = scalar(
  { name: 'a number', schema: { type: 'number' } },
  (raw, referenced) => {
    if (typeof raw === 'number' && Number.isFinite(raw)) return { value: raw };
    const value = typeof raw === 'string' ? parse(raw) : undefined;
    if (value === undefined) return { code: 'wrong-type' };
    return referenced ? { value } : { code: 'wrong-type', hint: 'write it without quotes' };
  },
);

/** A whole number that is not negative. */
export const unsigned: Codec<number, number> = checked(
  integer,
  (value) => value >= 0,
  'a whole number, not negative',
  'negative-number',
  { schema: { minimum: 0 } },
);

/** Text of at least one character. */
export const nonEmpty: Codec<string, string> = checked(
  text,
  (value) => value !== '',
  'a text that is not empty',
  'required',
  {
    schema: { minLength: 1 },
  },
);

/** One of a few words, exactly as spelled. @example oneOf(['all', 'warning', 'error']) */
export function oneOf<const W extends string>(words: readonly W[]): Codec<W, W> {
  return scalar<W>({ name: `one of ${words.join(', ')}`, schema: { enum: words } }, (raw) => {
    const found = words.find((candidate) => candidate === raw);
    if (found !== undefined) return { value: found };
    const near = typeof raw === 'string' ? closest(raw, words) : undefined;
    return near === undefined ? { code: 'one-of' } : { code: 'one-of', hint: `did you mean ${near}?` };
  });
}

function compiled(source: string): RegExp | string {
  try {
    return new RegExp(source, 'gu');
  } catch (error) {
    return describeError(error);
  }
}

/** A regular expression of JavaScript: text without slashes, or in code a RegExp. It finds every match, by code points. */
export const regex: Codec<RegExp, RegExp | string> = scalar(
  {
    name: 'a regular expression such as [0-9]+',
    schema: { type: 'string', minLength: 1 },
    encode: ({ source }: RegExp): RegExp | string => source,
  },
  (raw) => {
    const source = raw instanceof RegExp ? raw.source : raw;
    if (typeof source !== 'string') return { code: 'wrong-type' };
    if (source === '') return { code: 'bad-value' };
    const made = compiled(source);
    return typeof made === 'string' ? { code: 'bad-value', hint: made } : { value: made };
  },
);
