import { HclError, type Span } from './syntax.js';

interface Valued<T extends string, V> {
  readonly type: T;
  readonly value: V;
  /** Where it is written: a value keeps the place of its text through locals and functions. */
  readonly at: Span;
  /** The number of values that it is made of, itself included. Values may be shared, so it bounds what walking through costs. */
  readonly size: number;
}

/** An entry of a map: its value, and where its key is written. */
export interface HclEntry {
  readonly keyAt: Span;
  readonly value: HclValue;
}

export type HclList = Valued<'list', readonly HclValue[]>;
export type HclMap = Valued<'map', ReadonlyMap<string, HclEntry>>;

/** A value of HCL. */
export type HclValue =
  | Valued<'null', null>
  | Valued<'true or false', boolean>
  | Valued<'a number', number | bigint>
  | Valued<'text', string>
  | HclList
  | HclMap;

/** The most values that one value may be made of. */
export const MAX_VALUES = 100_000;

/** A value that is no list and no map. */
export function scalarValue(value: string | number | bigint | boolean | null, at: Span): HclValue {
  const rest = { at, size: 1 };
  if (value === null) return { type: 'null', value, ...rest };
  if (typeof value === 'string') return { type: 'text', value, ...rest };
  return typeof value === 'boolean' ? { type: 'true or false', value, ...rest } : { type: 'a number', value, ...rest };
}

function bounded(values: Iterable<HclValue>, at: Span): number {
  let size = 1;
  for (const value of values) size += value.size;
  if (size > MAX_VALUES) {
    throw new HclError(
      at,
      `this makes more than ${MAX_VALUES} values`,
      'a scenario file is not meant for data: use a variable source',
    );
  }
  return size;
}

/** A list. @throws HclError for more than {@link MAX_VALUES} values in it. */
export function listValue(items: readonly HclValue[], at: Span): HclList {
  return { type: 'list', value: items, at, size: bounded(items, at) };
}

/** A map. @throws HclError for more than {@link MAX_VALUES} values in it. */
export function mapValue(entries: ReadonlyMap<string, HclEntry>, at: Span): HclMap {
  return { type: 'map', value: entries, at, size: bounded(valuesIn(entries), at) };
}

function* valuesIn(entries: ReadonlyMap<string, HclEntry>): Generator<HclValue> {
  for (const { value } of entries.values()) yield value;
}

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** Texts in the order of their bytes in UTF-8, as Go sorts. */
export function sortedTexts(texts: Iterable<string>): string[] {
  return [...texts].sort(byBytes);
}

/** The entries of a map in the order in which HCL goes through them: by key. */
export function sortedEntries({ value }: HclMap): readonly (readonly [key: string, entry: HclEntry])[] {
  return sortedTexts(value.keys()).map((key) => [key, value.get(key) as HclEntry]);
}

/** A number in decimal digits, without an exponent. */
export function decimalText(value: number | bigint): string {
  if (typeof value === 'bigint') return String(value);
  const text = String(value);
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (match === null) return text;
  const [, sign = '', first = '', rest = '', exponent = '0'] = match;
  const digits = first + rest;
  const point = Number(exponent) + 1;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return `${sign}${digits.padEnd(point, '0')}`;
}

const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** The text of a value that is a single one; undefined for null, lists and maps. */
export function textOf(value: HclValue): string | undefined {
  if (value.type === 'text') return value.value;
  if (value.type === 'a number') return decimalText(value.value);
  return value.type === 'true or false' ? String(value.value) : undefined;
}

/** The number that a value is, or that its text stands for. */
export function numberIn(value: HclValue): number | bigint | undefined {
  if (value.type === 'a number') return value.value;
  if (value.type !== 'text' || !NUMBER.test(value.value)) return undefined;
  const number = Number(value.value);
  return /^-?\d+$/.test(value.value) && !Number.isSafeInteger(number) ? BigInt(value.value) : number;
}

/** The condition that a value is, or that its text stands for. */
export function flagIn(value: HclValue): boolean | undefined {
  if (value.type === 'true or false') return value.value;
  if (value.type !== 'text') return undefined;
  return value.value === 'true' ? true : value.value === 'false' ? false : undefined;
}

/** What a value is, for messages. */
export function kindOf({ type }: HclValue): string {
  return type === 'list' || type === 'map' ? `a ${type}` : type;
}

/** True for values of the same type that are equal in all their parts. */
export function areEqual(a: HclValue, b: HclValue): boolean {
  if (a.type === 'list' && b.type === 'list') {
    return a.value.length === b.value.length && a.value.every((item, i) => areEqual(item, b.value[i] as HclValue));
  }
  if (a.type === 'map' && b.type === 'map') {
    return (
      a.value.size === b.value.size &&
      [...a.value].every(([key, entry]) => {
        const other = b.value.get(key);
        return other !== undefined && areEqual(entry.value, other.value);
      })
    );
  }
  return a.type === b.type && a.value === b.value;
}
