// Plain data as JSON, with what a structured clone has besides: maps, typed arrays and numbers that are not finite.

/** The key of a value that JSON does not have. No message has an object with this key. */
const KIND = '$';

type Marked = { readonly [KIND]: string; readonly value?: unknown };

const isMarked = (value: unknown): value is Marked =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, KIND);

function toJson(this: unknown, _key: string, value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : { [KIND]: 'number', value: String(value) };
  if (value instanceof Map) return { [KIND]: 'map', value: [...value] };
  if (value instanceof Float64Array) return { [KIND]: 'floats', value: [...value] };
  return value;
}

function fromJson(_key: string, value: unknown): unknown {
  if (!isMarked(value)) return value;
  const { [KIND]: kind, value: inner } = value;
  if (kind === 'number') return Number(inner);
  if (kind === 'map' && Array.isArray(inner)) return new Map(inner as [unknown, unknown][]);
  if (kind === 'floats' && Array.isArray(inner)) return Float64Array.from(inner as number[]);
  throw new TypeError(`an unknown kind of value: ${JSON.stringify(kind)}`);
}

/**
 * Plain data as JSON text.
 *
 * @example
 * const text = plainToJson(new Map([['a', Number.NaN]]));
 * const same = plainFromJson(text);
 */
export function plainToJson(value: unknown): string {
  return JSON.stringify(value, toJson);
}

/** The data of {@link plainToJson}. @throws SyntaxError, TypeError for other text. */
export function plainFromJson(text: string): unknown {
  return JSON.parse(text, fromJson);
}
