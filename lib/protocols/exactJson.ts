/** A JSON value in which a whole number beyond 2^53 is a bigint, so that no digit is lost. */
export type ExactJson = null | boolean | number | bigint | string | readonly ExactJson[] | ExactJsonMap;

/** A JSON object of exact values. */
export interface ExactJsonMap {
  readonly [key: string]: ExactJson;
}

/** Numbers of so many digits may be beyond 2^53. */
const LONG = /\d{16}/;
/** Strings, or whole numbers of at least 16 digits. A number with a fraction or an exponent is no whole number. */
const STRING_OR_LONG = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gs;
const WHOLE = /^-?\d{16,}$/;

/** Text that begins no string of a JSON value. */
function unusedPrefix(value: unknown): string {
  const text = JSON.stringify(value);
  let prefix = '#';
  while (text.includes(prefix)) prefix += '#';
  return prefix;
}

/**
 * Parses JSON as `JSON.parse` does, but keeps every digit of whole numbers: those beyond 2^53 become a bigint.
 *
 * @throws SyntaxError for text that is not JSON, or is nested too deep for it.
 * @example
 * parseExactJson('{"id":9007199254740993,"f":1.5}'); // { id: 9007199254740993n, f: 1.5 }
 */
export function parseExactJson(text: string): ExactJson {
  try {
    return exactJson(text);
  } catch (error) {
    // The functions of JavaScript for JSON are recursive.
    throw error instanceof RangeError ? new SyntaxError('it is nested too deep') : error;
  }
}

function exactJson(text: string): ExactJson {
  const value = JSON.parse(text) as ExactJson;
  if (!LONG.test(text)) return value;
  const prefix = unusedPrefix(value);
  const marked = text.replace(STRING_OR_LONG, (token) =>
    WHOLE.test(token) && !Number.isSafeInteger(Number(token)) ? `"${prefix}${token}"` : token,
  );
  return JSON.parse(marked, (_key, each: unknown) =>
    typeof each === 'string' && each.startsWith(prefix) ? BigInt(each.slice(prefix.length)) : each,
  ) as ExactJson;
}

/** The text of a value that {@link parseExactJson} returns. */
export function exactJsonText(value: ExactJson): string {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(exactJsonText).join(',')}]`;
  const members = Object.entries(value as ExactJsonMap).map(
    ([key, each]) => `${JSON.stringify(key)}:${exactJsonText(each)}`,
  );
  return `{${members.join(',')}}`;
}
