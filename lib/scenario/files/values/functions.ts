import type { Random } from '../../../core/deps.js';
import { EvaluationError } from './evaluationError.js';
import { type PrintOptions, printValue } from './goPrint.js';
import { type GoValue, shown, typeName } from './goValue.js';

/** A function of scenario files. Its result is a text. */
export type FileFunction = (args: readonly GoValue[], random: Random, options: PrintOptions) => string;

/** `randInt()` and `randInt(0)` are below this. */
const DEFAULT_BELOW = 10n;
/** The range of Go's int64. */
const WIDEST = 2n ** 63n;
/** The longest random text. */
const MAX_RANDOM = 1_048_576;

const LETTERS = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-'];

function integerOf(name: string, value: GoValue): bigint {
  const integer =
    typeof value === 'bigint'
      ? value
      : typeof value === 'string' && /^[+-]?\d+$/.test(value)
        ? BigInt(value)
        : undefined;
  if (integer !== undefined && integer >= -WIDEST && integer < WIDEST) return integer;
  const found = typeof value === 'string' ? shown(value) : `a value of type ${typeName(value)}`;
  throw new EvaluationError('not-an-integer', `${name}: expected an integer, got ${found}`);
}

function atMostTwo(name: string, args: readonly GoValue[]): void {
  if (args.length > 2)
    throw new EvaluationError('too-many-arguments', `${name}: expected at most 2 arguments, got ${args.length}`);
}

/** A whole number below `below`, of 53 random bits; of 106 when one draw is not enough. */
function drawBelow(below: bigint, random: Random): bigint {
  if (below <= 2n ** 32n) return BigInt(Math.floor(random() * Number(below)));
  const bits = (BigInt(Math.floor(random() * 2 ** 32)) << 32n) | BigInt(Math.floor(random() * 2 ** 32));
  return (bits * below) >> 64n;
}

const randInt: FileFunction = (args, random) => {
  atMostTwo('randInt', args);
  const [a = 0n, b = 0n] = args.map((arg) => integerOf('randInt', arg));
  const [low, top] = a < b ? [a, b] : [b, a];
  const high = a === 0n && b === 0n ? DEFAULT_BELOW : top;
  if (low === high)
    throw new EvaluationError('equal-bounds', `randInt: both bounds are ${low}, and the upper one is excluded`);
  return String(low + drawBelow(high - low, random));
};

const randString: FileFunction = (args, random, options) => {
  atMostTwo('randString', args);
  const [count = 0n] = args.slice(0, 1).map((arg) => integerOf('randString', arg));
  if (count < 0n)
    throw new EvaluationError('negative-length', `randString: the length is ${count}, expected at least 0`);
  if (count > MAX_RANDOM)
    throw new EvaluationError('too-long', `randString: the length is ${count}, expected at most ${MAX_RANDOM}`);
  const given = args.length > 1 ? [...printValue(args[1], options)] : [];
  const letters = given.length === 0 ? LETTERS : given;
  let text = '';
  for (let left = count === 0n ? 1 : Number(count); left > 0; left--)
    text += letters[Math.floor(random() * letters.length)] as string;
  return text;
};

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

const uuid: FileFunction = (_args, random) => {
  const draw = (bits: number): number => Math.floor(random() * 2 ** bits);
  const variant = 0x8000 | draw(14);
  return `${hex(draw(32), 8)}-${hex(draw(16), 4)}-4${hex(draw(12), 3)}-${hex(variant, 4)}-${hex(draw(24), 6)}${hex(draw(24), 6)}`;
};

/** The functions of templates, mappings and the source `variables`, by name. */
export const FILE_FUNCTIONS: ReadonlyMap<string, FileFunction> = new Map([
  ['randInt', randInt],
  ['randString', randString],
  ['uuid', uuid],
]);

/** A call of a function in a mapping or a variable, such as `randInt(1, 10)`. */
export interface FunctionCall {
  readonly name: string;
  readonly function: FileFunction;
  /** As written, without the blanks around them. */
  readonly args: readonly string[];
}

/**
 * Reads a call of a function: the text before the first `(` is its name, and commas separate the arguments, which have no quotes.
 *
 * @returns undefined for a text that is no call of a known function.
 */
export function parseCall(text: string): FunctionCall | undefined {
  const open = text.indexOf('(');
  const name = open < 0 ? text : text.slice(0, open);
  const found = FILE_FUNCTIONS.get(name);
  if (found === undefined) return undefined;
  if (open < 0) return { name, function: found, args: [] };
  const inside = text.slice(open + 1).replace(/\)$/, '');
  // `randInt()` has no arguments, and not one that is empty.
  const args = inside.trim() === '' ? [] : inside.split(',').map((each) => each.trim());
  return { name, function: found, args };
}
