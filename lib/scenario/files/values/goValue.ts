/**
 * A value of a scenario file, as a template sees it in Go.
 *
 * | in Go | here |
 * | --- | --- |
 * | `float64`: every number of JSON | `number` |
 * | `int`: integers of templates and of the source `variables` | `bigint` |
 * | `nil` in a map or a list | `null` |
 * | no value: a missing key | `undefined` |
 */
export type GoValue = undefined | null | boolean | number | bigint | string | readonly GoValue[] | GoMap;

/** A map of Go. Only its own keys count, so that a key such as `constructor` is a key like any other. */
export interface GoMap {
  readonly [key: string]: GoValue;
}

/** The prototype of the rows of a CSV file, which are maps of texts in Go: `index` of a missing key gives an empty text. */
const TEXT_MAP = Object.freeze(Object.create(null) as object);

/** A map that holds texts only, such as a row of a CSV file. */
export const textMap = (entries: Iterable<readonly [string, string]>): GoMap => {
  const map = Object.create(TEXT_MAP) as Record<string, string>;
  for (const [key, value] of entries) map[key] = value;
  return map;
};

export const isTextMap = (map: GoMap): boolean => Object.getPrototypeOf(map) === TEXT_MAP;

export const isList = (value: GoValue): value is readonly GoValue[] => Array.isArray(value);

export const isMap = (value: GoValue): value is GoMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value of a key; `undefined` when the map does not have it. */
export const entryOf = (map: GoMap, key: string): GoValue => (Object.hasOwn(map, key) ? map[key] : undefined);

const NOT_ASCII = /[^\0-\x7f]/;

/** Compares as Go does: by the bytes of UTF-8. */
export function compareTexts(a: string, b: string): number {
  if (NOT_ASCII.test(a) || NOT_ASCII.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The keys of a map in the order in which Go prints them and ranges over them. */
export const sortedKeys = (map: GoMap): string[] => Object.keys(map).sort(compareTexts);

/** The name of the type in Go, for messages and for `%T`. */
export function typeName(value: GoValue): string {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'number':
      return 'float64';
    case 'bigint':
      return 'int';
    case 'boolean':
      return 'bool';
    case 'undefined':
      return '<nil>';
    default:
      if (value === null) return '<nil>';
      if (isList(value))
        return value.length > 0 && isMap(value[0]) && isTextMap(value[0]) ? '[]map[string]string' : '[]interface {}';
      return isTextMap(value) ? 'map[string]string' : 'map[string]interface {}';
  }
}

/** The most of a value that a message shows. */
const SHOWN = 60;

/** A text in a message, cut when it is long. */
export const shown = (text: string): string =>
  JSON.stringify(text.length > SHOWN ? `${text.slice(0, SHOWN)}...` : text);
