/**
 * The text form of what a page shows: JSON that also keeps maps, buckets of histograms, and numbers that JSON does not have.
 * It goes from one build of this program to the same one, over a stream or inside a report, and is compressed as a whole. A
 * record of a run has a stable format of its own.
 */

/** The marks of what JSON does not have. An object of a user with such a key is written as its entries. */
const MAP = '$map';
const OBJECT = '$object';
const BUCKETS = '$buckets';
const NUMBER = '$number';
const MARKED = /^\$(map|object|buckets|number)$/;

/** Values and counts in turn, the values in ascending order: each as its distance from the one before. */
function distances(buckets: Float64Array): number[] {
  const plain = Array.from(buckets);
  for (let i = plain.length - 2; i >= 2; i -= 2) plain[i] = (plain[i] as number) - (plain[i - 2] as number);
  return plain;
}

function bucketsOf(plain: readonly number[]): Float64Array {
  const buckets = Float64Array.from(plain);
  for (let i = 2; i < buckets.length; i += 2) buckets[i] = (buckets[i] as number) + (buckets[i - 2] as number);
  return buckets;
}

function plainObject(value: object): unknown {
  const entries = Object.entries(value).filter(([, each]) => each !== undefined && typeof each !== 'function');
  if (entries.some(([key]) => MARKED.test(key) || key === '__proto__')) {
    return { [OBJECT]: entries.map(([key, each]) => [key, plainOf(each)]) };
  }
  return Object.fromEntries(entries.map(([key, each]) => [key, plainOf(each)]));
}

function plainOf(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : { [NUMBER]: String(value) };
  if (typeof value === 'bigint' || typeof value === 'symbol') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Float64Array) return { [BUCKETS]: distances(value) };
  if (value instanceof Map) return { [MAP]: [...value].map(([key, each]) => [plainOf(key), plainOf(each)]) };
  if (Array.isArray(value)) return value.map((each: unknown) => (each === undefined ? null : plainOf(each)));
  if (value instanceof Error) return value.message;
  return plainObject(value);
}

/** Its text. Functions and `undefined` are left out, and an error is its message. */
export function toWire(value: unknown): string {
  return JSON.stringify(plainOf(value)) ?? 'null';
}

type Entries = readonly (readonly [unknown, unknown])[];

function revived(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const keys = Object.keys(value);
  const [only = ''] = keys;
  if (keys.length !== 1 || !MARKED.test(only)) return value;
  const inside = (value as Record<string, unknown>)[only];
  switch (only) {
    case MAP:
      return new Map(inside as Entries);
    case OBJECT:
      return Object.fromEntries(inside as readonly (readonly [string, unknown])[]);
    case BUCKETS:
      return bucketsOf(inside as readonly number[]);
    default:
      return Number(inside);
  }
}

/**
 * The value of a text of {@link toWire}.
 *
 * @throws SyntaxError for text that is not JSON.
 */
export function fromWire(text: string): unknown {
  return JSON.parse(text, revived);
}
