import { closest } from '../../../codec/closest.js';
import { HclError, type Span } from './syntax.js';
import {
  areEqual,
  type HclEntry,
  type HclList,
  type HclMap,
  type HclValue,
  kindOf,
  listValue,
  mapValue,
  numberIn,
  scalarValue,
  sortedEntries,
  sortedTexts,
  textOf,
} from './value.js';

/** The arguments of one call. */
class Arguments {
  constructor(
    readonly name: string,
    readonly values: readonly HclValue[],
    readonly at: Span,
  ) {}

  refuse(message: string, at: Span = this.at): never {
    throw new HclError(at, `${this.name}: ${message}`, `it is called as ${FUNCTIONS[this.name]?.form}`);
  }

  value(i: number): HclValue {
    return this.values[i] ?? this.refuse('an argument is missing');
  }

  list(i: number): HclList {
    const value = this.value(i);
    return value.type === 'list' ? value : this.refuse(`expected a list, got ${kindOf(value)}`, value.at);
  }

  map(i: number): HclMap {
    const value = this.value(i);
    return value.type === 'map' ? value : this.refuse(`expected a map, got ${kindOf(value)}`, value.at);
  }

  text(i: number): string {
    return this.textIn(this.value(i));
  }

  textIn(value: HclValue): string {
    return textOf(value) ?? this.refuse(`expected text, got ${kindOf(value)}`, value.at);
  }

  /** A whole number. */
  index(i: number): number {
    const value = this.value(i);
    const number = numberIn(value);
    if (typeof number === 'number' && Number.isInteger(number)) return number;
    return this.refuse(`expected a whole number, got ${kindOf(value)}`, value.at);
  }

  /** The item of a list at a place that must exist. */
  item({ value }: HclList, at: number): HclValue {
    return value[at] ?? this.refuse(`there is no item ${at} in a list of ${value.length}`);
  }

  made(value: string | number | boolean | null): HclValue {
    return scalarValue(value, this.at);
  }

  listOf(items: readonly HclValue[]): HclValue {
    return listValue(items, this.at);
  }
}

interface HclFunction {
  readonly form: string;
  /** The least and the most arguments. */
  readonly takes: readonly [least: number, most: number];
  /** True when null may be an argument. */
  readonly nulls?: boolean;
  readonly call: (args: Arguments) => HclValue;
}

const MANY = Number.POSITIVE_INFINITY;

function flattened(items: readonly HclValue[]): readonly HclValue[] {
  return items.flatMap((item) => (item.type === 'list' ? flattened(item.value) : [item]));
}

function zipped(args: Arguments): HclValue {
  const keys = args.list(0).value;
  const values = args.list(1).value;
  if (keys.length !== values.length) args.refuse(`${keys.length} keys for ${values.length} values`);
  const entries = keys.map((key, i): [string, HclEntry] => [
    args.textIn(key),
    { keyAt: key.at, value: values[i] as HclValue },
  ]);
  return mapValue(new Map(entries), args.at);
}

function looked(args: Arguments): HclValue {
  return args.map(0).value.get(args.text(1))?.value ?? args.value(2);
}

function indexed(args: Arguments): HclValue {
  const collection = args.value(0);
  if (collection.type === 'list') return args.item(collection, args.index(1));
  const key = args.text(1);
  return args.map(0).value.get(key)?.value ?? args.refuse(`there is no key ${JSON.stringify(key)}`);
}

function sliced(args: Arguments): HclValue {
  const { value } = args.list(0);
  const [start, end] = [args.index(1), args.index(2)];
  if (start < 0 || start > end || end > value.length) {
    args.refuse(`${start} to ${end} is no part of a list of ${value.length}`);
  }
  return args.listOf(value.slice(start, end));
}

/** A key for what is equal: its type, and for a single value its text. */
function kindAndText(value: HclValue): string {
  return `${value.type} ${textOf(value) ?? value.size}`;
}

function distinctItems(items: readonly HclValue[]): readonly HclValue[] {
  const seen = new Map<string, HclValue[]>();
  return items.filter((item) => {
    const key = kindAndText(item);
    const same = seen.get(key) ?? [];
    if (same.some((other) => areEqual(item, other))) return false;
    seen.set(key, [...same, item]);
    return true;
  });
}

/** The functions of Pandora's scenario files: those of the cty standard library that it registers, with their meaning. */
const FUNCTIONS: Readonly<Record<string, HclFunction>> = {
  coalesce: {
    form: 'coalesce(value, ...): the first that is not null',
    takes: [1, MANY],
    nulls: true,
    call: (args) => args.values.find(({ type }) => type !== 'null') ?? args.refuse('every argument is null'),
  },
  coalescelist: {
    form: 'coalescelist(list, ...): the first that is not empty',
    takes: [1, MANY],
    nulls: true,
    call: (args) => {
      const lists = args.values.flatMap((value, i) => (value.type === 'null' ? [] : [args.list(i)]));
      return lists.find(({ value }) => value.length > 0) ?? args.refuse('every list is empty');
    },
  },
  compact: {
    form: 'compact(texts): without the empty ones',
    takes: [1, 1],
    call: (args) => args.listOf(args.list(0).value.filter((item) => item.type !== 'null' && args.textIn(item) !== '')),
  },
  concat: {
    form: 'concat(list, ...): one after another',
    takes: [1, MANY],
    call: (args) => args.listOf(args.values.flatMap((_, i) => args.list(i).value)),
  },
  distinct: {
    form: 'distinct(list): each item once',
    takes: [1, 1],
    call: (args) => args.listOf(distinctItems(args.list(0).value)),
  },
  element: {
    form: 'element(list, n): item n, counted round and round',
    takes: [2, 2],
    call: (args) => {
      const list = args.list(0);
      const n = args.index(1);
      if (n < 0) args.refuse('the number of the item is negative');
      return list.value.length === 0 ? args.refuse('the list is empty') : args.item(list, n % list.value.length);
    },
  },
  flatten: {
    form: 'flatten(list): the items of lists inside it in their place',
    takes: [1, 1],
    call: (args) => args.listOf(flattened(args.list(0).value)),
  },
  index: { form: 'index(list, n) or index(map, key): one item', takes: [2, 2], call: indexed },
  keys: {
    form: 'keys(map): sorted',
    takes: [1, 1],
    call: (args) => args.listOf(sortedEntries(args.map(0)).map(([key, { keyAt }]) => scalarValue(key, keyAt))),
  },
  lookup: { form: 'lookup(map, key, default)', takes: [3, 3], call: looked },
  merge: {
    form: 'merge(map, ...): later entries replace earlier ones',
    takes: [0, MANY],
    nulls: true,
    call: (args) => {
      const maps = args.values.flatMap((value, i) => (value.type === 'null' ? [] : [args.map(i)]));
      return mapValue(new Map(maps.flatMap(({ value }) => [...value])), args.at);
    },
  },
  reverse: {
    form: 'reverse(list)',
    takes: [1, 1],
    call: (args) => args.listOf([...args.list(0).value].reverse()),
  },
  slice: { form: 'slice(list, start, end): the items from start up to before end', takes: [3, 3], call: sliced },
  sort: {
    form: 'sort(texts)',
    takes: [1, 1],
    call: (args) =>
      args.listOf(sortedTexts(args.list(0).value.map((item) => args.textIn(item))).map((text) => args.made(text))),
  },
  split: {
    form: 'split(separator, text): a list of its parts',
    takes: [2, 2],
    call: (args) => {
      const [separator, text] = [args.text(0), args.text(1)];
      const parts = separator === '' ? [...text] : text.split(separator);
      return args.listOf(parts.map((part) => args.made(part)));
    },
  },
  values: {
    form: 'values(map): in the order of the keys',
    takes: [1, 1],
    call: (args) => args.listOf(sortedEntries(args.map(0)).map(([, { value }]) => value)),
  },
  zipmap: { form: 'zipmap(keys, values): a map', takes: [2, 2], call: zipped },
};

/** Calls a function. @throws HclError for an unknown one, and for arguments that it does not take. */
export function callFunction(name: string, values: readonly HclValue[], at: Span): HclValue {
  const names = Object.keys(FUNCTIONS);
  const found = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (found === undefined) {
    const near = closest(name, names);
    throw new HclError(
      at,
      `there is no function ${name}`,
      near === undefined ? `the functions are ${names.join(', ')}` : `did you mean ${near}?`,
    );
  }
  const args = new Arguments(name, values, at);
  const [least, most] = found.takes;
  if (values.length < least || values.length > most) {
    const takes = least === most ? `${least}` : `at least ${least}`;
    args.refuse(`expected ${takes} ${least === 1 ? 'argument' : 'arguments'}, got ${values.length}`);
  }
  const missing = found.nulls === true ? undefined : values.find(({ type }) => type === 'null');
  if (missing !== undefined) args.refuse('an argument is null', missing.at);
  return found.call(args);
}
