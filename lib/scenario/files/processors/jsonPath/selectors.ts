import { EvaluationError } from '../../values/evaluationError.js';
import { printValue } from '../../values/goPrint.js';
import { entryOf, type GoValue, isList, isMap, shown, typeName } from '../../values/goValue.js';

/** An expression of a path: its value for a document and, in filters, the current element. */
export type Expression = (root: GoValue, current: GoValue) => GoValue;

/** A step of a path. A plain one leads to one value; an ambiguous one to any number of values, without an error. */
export type Selector =
  | { readonly plain: (root: GoValue, value: GoValue) => GoValue }
  | { readonly ambiguous: (root: GoValue, value: GoValue, found: (value: GoValue) => void) => void };

/** The most values that one path finds. */
const MAX_FOUND = 100_000;

/** The number that a value stands for: a number, or a text that is one. */
function numberOf(value: GoValue): number | undefined {
  if (typeof value === 'number') return value;
  const number = typeof value === 'string' && value.trim() === value && value !== '' ? Number(value) : Number.NaN;
  return Number.isNaN(number) ? undefined : number;
}

const keyText = (key: GoValue): string => printValue(key, { numbers: 'go' });

/** The entry of a map or a list. */
export function entryAt(key: Expression): (root: GoValue, value: GoValue) => GoValue {
  return (root, value) => {
    const at = key(root, value);
    if (isList(value)) {
      const index = numberOf(at);
      if (index === undefined)
        throw new EvaluationError('key-of-array', `the key ${shown(keyText(at))} is looked up in a list`);
      const whole = Math.trunc(index);
      if (whole < 0 || whole >= value.length)
        throw new EvaluationError('index-out-of-bounds', `the index ${whole} is not in a list of ${value.length}`);
      return value[whole];
    }
    if (!isMap(value))
      throw new EvaluationError(
        'not-a-map',
        `the key ${shown(keyText(at))} is looked up in a value of type ${typeName(value)}`,
      );
    const text = keyText(at);
    if (!Object.hasOwn(value, text)) throw new EvaluationError('missing-key', `there is no key ${shown(text)}`);
    return entryOf(value, text);
  };
}

function each(value: GoValue, visit: (value: GoValue) => void): void {
  if (isList(value)) for (const entry of value) visit(entry);
  else if (isMap(value)) for (const key of Object.keys(value)) visit(value[key]);
}

/** A value and everything in it. */
function everything(value: GoValue, visit: (value: GoValue) => void): void {
  visit(value);
  each(value, (entry) => everything(entry, visit));
}

export const direct = (key: Expression): Selector => ({ plain: entryAt(key) });

export const all: Selector = { ambiguous: (_root, value, found) => each(value, found) };

export const recursive: Selector = { ambiguous: (_root, value, found) => everything(value, found) };

/** Several entries. Those that are not there are left out. */
export function several(keys: readonly Expression[]): Selector {
  const entries = keys.map(entryAt);
  return {
    ambiguous: (root, value, found) => {
      for (const entry of entries) {
        const result = attempt(() => entry(root, value));
        if (result !== FAILED) found(result);
      }
    },
  };
}

/** The entries for which a condition holds. One that cannot be evaluated does not hold. */
export function filter(condition: Expression): Selector {
  return {
    ambiguous: (root, value, found) =>
      each(value, (entry) => {
        const holds = attempt(() => condition(root, entry));
        if (holds !== FAILED && isTrue(holds)) found(entry);
      }),
  };
}

function isTrue(value: GoValue): boolean {
  if (typeof value === 'boolean') return value;
  if (value === 'true' || value === 'TRUE') return true;
  const number = numberOf(value);
  return number !== undefined && number !== 0;
}

/** The entries of a list from `min` to before `max`; negative numbers count from its end. */
export function range(min: Expression, max: Expression, step: Expression): Selector {
  return {
    ambiguous: (root, value, found) => {
      if (!isList(value)) return;
      const bounds = [min, max, step].map((bound) => attempt(() => bound(root, value)));
      const [from, to, by] = bounds
        .map((bound) => (bound === FAILED ? undefined : numberOf(bound)))
        .map((bound) => (bound === undefined ? undefined : Math.trunc(bound)));
      if (from === undefined || to === undefined || by === undefined || from > to) return;
      const inside = (bound: number): number =>
        bound < 0 ? Math.max(0, value.length + bound) : Math.min(bound, value.length);
      const [first, end, stride] = [inside(from), inside(to), by === 0 ? 1 : by];
      if (stride > 0) for (let i = first; i < end; i += stride) found(value[i]);
      else for (let i = end - 1; i >= first; i += stride) found(value[i]);
    },
  };
}

const FAILED = Symbol('failed');

/** The result, or {@link FAILED} when the data does not have the value. */
function attempt(evaluate: () => GoValue): GoValue | typeof FAILED {
  try {
    return evaluate();
  } catch (error) {
    if (error instanceof EvaluationError && error.code !== 'too-long') return FAILED;
    throw error;
  }
}

/**
 * Follows a path: to one value, or with an ambiguous selector to the list of all values.
 *
 * @throws EvaluationError when a plain path leads nowhere; `too-long` when there are too many values.
 */
export function follow(selectors: readonly Selector[], root: GoValue, start: GoValue): GoValue {
  if (selectors.every((selector) => 'plain' in selector)) {
    return selectors.reduce<GoValue>(
      (value, selector) => ('plain' in selector ? selector.plain(root, value) : value),
      start,
    );
  }
  let values: GoValue[] = [start];
  for (const selector of selectors) {
    const next: GoValue[] = [];
    const found = (value: GoValue): void => {
      if (next.push(value) > MAX_FOUND) throw new EvaluationError('too-long', `over ${MAX_FOUND} values are found`);
    };
    for (const value of values) {
      if ('ambiguous' in selector) selector.ambiguous(root, value, found);
      else {
        const result = attempt(() => selector.plain(root, value));
        if (result !== FAILED) found(result);
      }
    }
    values = next;
  }
  return values;
}
