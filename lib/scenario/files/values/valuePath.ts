import type { Random } from '../../../core/deps.js';
import { EvaluationError } from './evaluationError.js';
import { entryOf, type GoMap, type GoValue, isList, isMap, shown, typeName } from './goValue.js';
import type { NextCounter } from './iterator.js';

/** Which entry of a list: a number that wraps around, or by a rule. `bad` is a text that is neither. */
type Index =
  | { readonly kind: 'at'; readonly at: number }
  | { readonly kind: 'next'; readonly key: string }
  | { readonly kind: 'last' | 'rand' }
  | { readonly kind: 'bad'; readonly text: string };

interface Segment {
  readonly name: string;
  readonly index: Index | undefined;
}

/** A path to a value, such as `source.users[next].id`. */
export interface ValuePath {
  /** As written. */
  readonly text: string;
  readonly segments: readonly Segment[];
}

/** What a path is evaluated with. */
export interface PathContext {
  readonly random: Random;
  readonly counters: NextCounter;
}

function indexOf(written: string, key: string): Index {
  const text = written.trim().toLowerCase();
  if (text === 'next') return { kind: 'next', key };
  if (text === 'last' || text === 'rand') return { kind: text };
  const at = Number(text);
  return /^[+-]?\d+$/.test(text) && Number.isSafeInteger(at)
    ? { kind: 'at', at }
    : { kind: 'bad', text: written.trim() };
}

/**
 * Reads a path: names between dots, each with at most one index in brackets at its end. A dot in front is left out. Every text is a
 * path; an index that cannot be used fails when the path is evaluated.
 */
export function parsePath(text: string): ValuePath {
  let key = '';
  const segments = text
    .replace(/^\s*\./, '')
    .split('.')
    .map((written): Segment => {
      const segment = written.trim();
      key += `.${segment}`;
      const open = segment.indexOf('[');
      if (open < 0 || !segment.endsWith(']')) return { name: segment, index: undefined };
      return { name: segment.slice(0, open), index: indexOf(segment.slice(open + 1, -1), key) };
    });
  return { text, segments };
}

/** The text of an index that is no integer and no `next`, `last` or `rand`; undefined when every index can be used. */
export const badIndexOf = ({ segments }: ValuePath): string | undefined =>
  segments.map(({ index }) => index).find((index) => index?.kind === 'bad')?.text;

function positionIn(length: number, index: Index, path: ValuePath, { random, counters }: PathContext): number {
  if (index.kind === 'bad') {
    const expected = 'expected an integer, next, last or rand';
    throw new EvaluationError('bad-index', `${path.text}: the index is ${shown(index.text)}, ${expected}`);
  }
  if (length === 0) throw new EvaluationError('empty-list', `${path.text}: the list is empty`);
  switch (index.kind) {
    case 'at':
      return ((index.at % length) + length) % length;
    case 'last':
      return length - 1;
    case 'rand':
      return Math.floor(random() * length);
    case 'next':
      return counters.next(index.key) % length;
  }
}

/**
 * The value at a path.
 *
 * @throws EvaluationError `missing-key`, `not-a-map`, `not-a-list`, `bad-index` or `empty-list`.
 */
export function valueAt(root: GoMap, path: ValuePath, context: PathContext): GoValue {
  let value: GoValue = root;
  for (const { name, index } of path.segments) {
    if (!isMap(value))
      throw new EvaluationError(
        'not-a-map',
        `${path.text}: ${shown(name)} is looked up in a value of type ${typeName(value)}`,
      );
    if (!Object.hasOwn(value, name))
      throw new EvaluationError('missing-key', `${path.text}: there is no ${shown(name)}`);
    value = entryOf(value, name);
    if (index === undefined) continue;
    if (!isList(value))
      throw new EvaluationError('not-a-list', `${path.text}: ${shown(name)} is of type ${typeName(value)}`);
    value = value[positionIn(value.length, index, path, context)];
  }
  return value;
}
