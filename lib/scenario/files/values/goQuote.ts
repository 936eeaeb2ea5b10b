import { EvaluationError } from './evaluationError.js';

const ESCAPES: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
};
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

/** True for a character that Go prints as it is. */
export const isPrintable = (character: string): boolean => PRINTABLE.test(character);

/** A text in quotes, with the escapes of Go: `strconv.Quote`, or `QuoteToASCII` when `ascii` is true. */
export function quoteText(text: string, quote: '"' | "'", ascii: boolean): string {
  let quoted = quote;
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    const known = ESCAPES[character];
    if (character === quote) quoted += `\\${quote}`;
    else if (known !== undefined) quoted += known;
    else if (code < 0x80 ? code >= 0x20 && code < 0x7f : !ascii && isPrintable(character)) quoted += character;
    else if (code < 0x80) quoted += `\\x${code.toString(16).padStart(2, '0')}`;
    else if (code < 0x10000) quoted += `\\u${code.toString(16).padStart(4, '0')}`;
    else quoted += `\\U${code.toString(16).padStart(8, '0')}`;
  }
  return quoted + quote;
}

const SIMPLE: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
  '\\': 92,
  "'": 39,
  '"': 34,
};
const UNQUOTE = /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{3})|([abfnrtv\\'"]))|\\[\s\S]?|[^\\]+/g;

/** The bytes that an escape stands for; undefined when Go does not have it. */
function unescaped(match: RegExpMatchArray, quote: string): Buffer | undefined {
  const [, x, u, long, octal, simple] = match;
  if (simple !== undefined) {
    const wrongQuote = (simple === '"' || simple === "'") && simple !== quote;
    return wrongQuote ? undefined : Buffer.from([SIMPLE[simple] as number]);
  }
  if (x !== undefined || octal !== undefined) {
    const byte = x === undefined ? Number.parseInt(octal as string, 8) : Number.parseInt(x, 16);
    return byte < 256 ? Buffer.from([byte]) : undefined;
  }
  const code = Number.parseInt(u ?? long ?? '', 16);
  return code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? Buffer.from(String.fromCodePoint(code)) : undefined;
}

/**
 * The text that a quoted text of Go stands for.
 *
 * @throws EvaluationError `template-syntax` for an escape that Go does not have.
 */
export function unquoteText(quoted: string): string {
  if (quoted.startsWith('`')) return quoted.slice(1, -1).replaceAll('\r', '');
  const quote = quoted.charAt(0);
  const bytes = Array.from(quoted.slice(1, -1).matchAll(UNQUOTE), (match) => {
    const read = match[0].startsWith('\\') ? unescaped(match, quote) : Buffer.from(match[0]);
    if (read === undefined) throw new EvaluationError('template-syntax', `the text ${quoted} is not valid`);
    return read;
  });
  return Buffer.concat(bytes).toString();
}
