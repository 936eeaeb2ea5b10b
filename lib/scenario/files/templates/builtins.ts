import type { Random } from '../../../core/deps.js';
import { EvaluationError } from '../values/evaluationError.js';
import { FILE_FUNCTIONS } from '../values/functions.js';
import { insertedText, type PrintOptions, printAll, printLine } from '../values/goPrint.js';
import { printFormat } from '../values/goPrintf.js';
import { entryOf, type GoValue, isList, isMap, isTextMap, typeName } from '../values/goValue.js';
import { equal, less } from './compare.js';
import { htmlEscape, jsEscape, queryEscape } from './escapes.js';

/** What functions of templates are called with. */
export interface FunctionContext {
  readonly print: PrintOptions;
  readonly random: Random;
}

/** A function of templates. */
export interface TemplateFunction {
  readonly least: number;
  readonly most: number;
  /** True when the first argument has to be a text. */
  readonly firstIsText?: boolean;
  call(args: readonly GoValue[], context: FunctionContext): GoValue;
}

function wrongType(reason: string): never {
  throw new EvaluationError('template-type', reason);
}

/** The truth of a value in `if`, `and`, `or` and `not`: false for nothing, zero, and what is empty. */
export function isTrue(value: GoValue): boolean {
  if (value === undefined || value === null) return false;
  if (isList(value)) return value.length > 0;
  if (isMap(value)) return Object.keys(value).length > 0;
  return Boolean(value);
}

function position(index: GoValue, length: number): number {
  if (typeof index !== 'bigint') wrongType(`an index is of type ${typeName(index)}, expected an int`);
  if (index < 0n || index > BigInt(length)) wrongType(`the index ${index} is not in a list of ${length}`);
  return Number(index);
}

function entryAt(item: GoValue, index: GoValue): GoValue {
  if (typeof item === 'string') {
    const bytes = Buffer.from(item);
    const byte = bytes[position(index, bytes.length - 1)];
    return byte === undefined ? wrongType('the index is not in an empty text') : BigInt(byte);
  }
  if (isList(item)) {
    const at = position(index, item.length);
    return at < item.length ? item[at] : wrongType(`the index ${at} is not in a list of ${item.length}`);
  }
  if (!isMap(item)) wrongType(`index of a value of type ${typeName(item)}`);
  if (typeof index !== 'string') wrongType(`the key of a map is of type ${typeName(index)}, expected a string`);
  const found = entryOf(item, index);
  if (found !== undefined) return found;
  return isTextMap(item) ? '' : null;
}

function sliceOf(item: GoValue, indexes: readonly GoValue[]): GoValue {
  const list = typeof item === 'string' ? Buffer.from(item) : isList(item) ? item : undefined;
  if (list === undefined) wrongType(`slice of a value of type ${typeName(item)}`);
  if (typeof item === 'string' && indexes.length === 3) wrongType('slice of a text with 3 indexes');
  const [from = 0, to = list.length, capacity = list.length] = indexes.map((index) => position(index, list.length));
  if (from > to || (indexes.length === 3 && to > capacity)) wrongType(`slice from ${from} to ${to}`);
  return Buffer.isBuffer(list) ? list.subarray(from, to).toString() : list.slice(from, to);
}

function lengthOf(value: GoValue): bigint {
  if (typeof value === 'string') return BigInt(Buffer.byteLength(value));
  if (isList(value)) return BigInt(value.length);
  return isMap(value) ? BigInt(Object.keys(value).length) : wrongType(`len of a value of type ${typeName(value)}`);
}

/** The text of the arguments of `html`, `js` and `urlquery`. */
const argumentsText = (args: readonly GoValue[], { print }: FunctionContext): string =>
  args.length === 1
    ? insertedText(args[0], print)
    : printAll(
        args.map((arg) => arg ?? '<no value>'),
        print,
      );

const ANY = Number.POSITIVE_INFINITY;

const fixed = (count: number, call: TemplateFunction['call']): TemplateFunction => ({
  least: count,
  most: count,
  call,
});
const atLeast = (least: number, call: TemplateFunction['call']): TemplateFunction => ({ least, most: ANY, call });

const BUILTINS: Readonly<Record<string, TemplateFunction>> = {
  // The evaluator calls these two, because it evaluates no more arguments than it needs.
  and: atLeast(1, (args) => args.find((arg) => !isTrue(arg)) ?? args.at(-1)),
  or: atLeast(1, (args) => args.find(isTrue) ?? args.at(-1)),
  not: fixed(1, ([arg]) => !isTrue(arg)),
  eq: atLeast(2, ([first, ...others]) => others.some((other) => equal(first, other))),
  ne: fixed(2, ([a, b]) => !equal(a, b)),
  lt: fixed(2, ([a, b]) => less(a, b)),
  le: fixed(2, ([a, b]) => less(a, b) || equal(a, b)),
  gt: fixed(2, ([a, b]) => !(less(a, b) || equal(a, b))),
  ge: fixed(2, ([a, b]) => !less(a, b)),
  len: fixed(1, ([value]) => lengthOf(value)),
  index: atLeast(1, ([item, ...indexes]) => {
    if (item === undefined || item === null) wrongType('index of nothing');
    return indexes.reduce(entryAt, item);
  }),
  slice: { least: 1, most: 4, call: ([item, ...indexes]) => sliceOf(item, indexes) },
  print: atLeast(0, (args, { print }) => printAll(args, print)),
  println: atLeast(0, (args, { print }) => printLine(args, print)),
  printf: {
    least: 1,
    most: ANY,
    firstIsText: true,
    call: ([format, ...args], { print }) => printFormat(format as string, args, print),
  },
  html: atLeast(0, (args, context) => htmlEscape(argumentsText(args, context))),
  js: atLeast(0, (args, context) => jsEscape(argumentsText(args, context))),
  urlquery: atLeast(0, (args, context) => queryEscape(argumentsText(args, context))),
  /** The text of its arguments; only for `html` and `urlquery` in HTML, which stand for escapers. */
  printArguments: atLeast(0, (args, { print }) => printAll(args, print)),
  call: atLeast(1, ([value]) => wrongType(`call of a value of type ${typeName(value)}, which is no function`)),
};

/** The functions that templates may call, by name: those of Go, and those of scenario files. */
export const TEMPLATE_FUNCTIONS: ReadonlyMap<string, TemplateFunction> = new Map([
  ...Object.entries(BUILTINS),
  ...[...FILE_FUNCTIONS].map(([name, called]): [string, TemplateFunction] => [
    name,
    atLeast(0, (args, { random, print }) => called(args, random, print)),
  ]),
]);

export const FUNCTION_NAMES: ReadonlySet<string> = new Set(
  [...TEMPLATE_FUNCTIONS.keys()].filter((name) => name !== 'printArguments'),
);
