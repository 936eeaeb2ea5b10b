import { isPrintable } from '../values/goQuote.js';

const HTML: Readonly<Record<string, string>> = {
  '\0': '\ufffd',
  '"': '&#34;',
  "'": '&#39;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
};

/** Go's `html`. */
export const htmlEscape = (text: string): string => text.replaceAll(/[\0"'&<>]/g, (found) => HTML[found] as string);

const JS: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
  '<': '\\u003C',
  '>': '\\u003E',
  '&': '\\u0026',
  '=': '\\u003D',
};

/** Go's `js`: for a text between quotes of JavaScript. */
export const jsEscape = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this escapes
  text.replaceAll(/[\\'"<>&=\0-\x1f]|[^\0-\x7f]/gu, (found) => {
    const known = JS[found];
    if (known !== undefined) return known;
    const code = found.codePointAt(0) as number;
    return code >= 0x80 && isPrintable(found) ? found : `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`;
  });

/** A character as its bytes in UTF-8, each as %XX. */
export const percentEncoded = (character: string): string =>
  Array.from(Buffer.from(character), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');

/** Go's `urlquery`: `url.QueryEscape`. */
export const queryEscape = (text: string): string =>
  text.replaceAll(/[^\w\-.~]/gu, (found) => (found === ' ' ? '+' : percentEncoded(found)));
