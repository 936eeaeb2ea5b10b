import { insertedText, type PrintOptions, printValue } from '../../values/goPrint.js';
import { type GoValue, isList, sortedKeys } from '../../values/goValue.js';
import { htmlEscape, percentEncoded, queryEscape } from '../escapes.js';
import { attributeType } from './attributes.js';
import { decodeCss } from './cssTransitions.js';

/** Makes a value safe for a context. */
export type Escaper = (value: GoValue, print: PrintOptions) => string;

/** What Go writes instead of a value that would change the meaning of the page. */
const FILTERED = 'ZgotmplZ';

/** The text of a value; nothing for no value and for null. */
const textOf = (value: GoValue, print: PrintOptions): string =>
  value === undefined || value === null ? '' : printValue(value, print);

const HTML: Readonly<Record<string, string>> = {
  '\0': '\ufffd',
  '"': '&#34;',
  '&': '&amp;',
  "'": '&#39;',
  '+': '&#43;',
  '<': '&lt;',
  '>': '&gt;',
};
const NO_SPACE: Readonly<Record<string, string>> = { ...HTML, '\0': '&#xfffd;', '`': '&#96;', '=': '&#61;' };

const html: Escaper = (value, print) =>
  textOf(value, print).replaceAll(/[\0"&'+<>]/g, (found) => HTML[found] as string);

const noSpace: Escaper = (value, print) => {
  const text = textOf(value, print);
  if (text === '') return FILTERED;
  return text.replaceAll(/[\0\t-\r "&'+<=>`\ufdd0-\ufdef\ufff0-\uffff]/g, (found) => {
    const code = found.charCodeAt(0);
    return NO_SPACE[found] ?? (code > 0x7f ? `&#x${code.toString(16)};` : `&#${code};`);
  });
};

const name: Escaper = (value, print) => {
  const text = textOf(value, print).toLowerCase();
  return /^[\da-z]+$/.test(text) && attributeType(text) === 'plain' ? text : FILTERED;
};

const isSafeUrl = (url: string): boolean => {
  const protocol = url.includes(':') ? (url.split(':', 1)[0] as string) : undefined;
  return protocol === undefined || protocol.includes('/') || /^(?:https?|mailto)$/i.test(protocol);
};

const percent = (text: string): string => percentEncoded(text).toLowerCase();
const normalizeUrl = (text: string): string =>
  text.replaceAll(/%(?![\da-fA-F]{2})|[^!#$&*+,/:;=?@[\]\-._~%A-Za-z\d]/gu, percent);

const urlFilter: Escaper = (value, print) => {
  const text = textOf(value, print);
  return isSafeUrl(text) ? text : `#${FILTERED}`;
};
const urlNormalize: Escaper = (value, print) => normalizeUrl(textOf(value, print));
const urlEscape: Escaper = (value, print) => textOf(value, print).replaceAll(/[^\-._~A-Za-z\d]/gu, percent);

const srcset: Escaper = (value, print) =>
  textOf(value, print)
    .split(',')
    .map((part) => {
      const [, before = '', url = '', after = ''] = /^([\t\n\f\r ]*)([^\t\n\f\r ]*)([\s\S]*)$/.exec(part) ?? [];
      return isSafeUrl(url) && /^[\t\n\f\r \dA-Za-z]*$/.test(after)
        ? before + normalizeUrl(url) + after
        : `#${FILTERED}`;
    })
    .join(',');

/** A value as JSON, as Go's `json.Marshal` writes it. */
function json(value: GoValue): string {
  if (typeof value === 'string')
    return JSON.stringify(value).replaceAll(/[<>&\u2028\u2029\b\f]|\\[bf]/g, (found) => {
      if (found === '\\b' || found === '\\f') return found;
      return `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`;
    });
  if (value === undefined || value === null) return 'null';
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(json).join(',')}]`;
  return `{${sortedKeys(value)
    .map((key) => `${json(key)}:${json(value[key])}`)
    .join(',')}}`;
}

const jsValue: Escaper = (value) => {
  const text = json(value);
  const word = /^[$\w]/.test(text) || /[$\w]$/.test(text);
  return word ? ` ${text} ` : text;
};

const JS: Readonly<Record<string, string>> = {
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
  '/': '\\/',
  '\\': '\\\\',
};
const codeEscape = (found: string): string => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`;
const jsEscapes =
  (special: RegExp, known: (found: string) => string | undefined): ((text: string) => string) =>
  (text) =>
    text.replaceAll(special, (found) => known(found) ?? JS[found] ?? codeEscape(found));

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this escapes
const jsText = jsEscapes(/[\0-\x1f"`&'+/<>\\\u2028\u2029]/g, () => undefined);
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this escapes
const jsLiteral = jsEscapes(/[\0-\x1f"`&'+/<>\\${}\u2028\u2029]/g, () => undefined);
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this escapes
const jsPattern = jsEscapes(/[\0-\x1f"$&'()*+\-./<>?[\\\]^{|}\u2028\u2029]/g, (found) =>
  /[$()*\-.?[\]^{|}]/.test(found) ? `\\${found}` : undefined,
);

const CSS: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\t': '\\9',
  '\n': '\\a',
  '\f': '\\c',
  '\r': '\\d',
  '"': '\\22',
  '&': '\\26',
  "'": '\\27',
  '(': '\\28',
  ')': '\\29',
  '+': '\\2b',
  '/': '\\2f',
  ':': '\\3a',
  ';': '\\3b',
  '<': '\\3c',
  '>': '\\3e',
  '{': '\\7b',
  '}': '\\7d',
};
const css: Escaper = (value, print) => {
  const text = textOf(value, print);
  return text.replaceAll(/[\0\t\n\f\r"&'()+/:;<>\\{}]/g, (found, at: number) => {
    const escape_ = CSS[found];
    if (escape_ === undefined) return '\\\\';
    return escape_ + (/^(?:$|[\da-fA-F\t\n\f\r ])/.test(text.slice(at + 1, at + 2)) ? ' ' : '');
  });
};

const cssValue: Escaper = (value, print) => {
  const text = decodeCss(textOf(value, print));
  if (/[\0"'()/;@[\\\]`{}<>]|--/.test(text)) return FILTERED;
  const letters = text.replaceAll(/[^-\w]/g, '').toLowerCase();
  return letters.includes('expression') || letters.includes('mozbinding') ? FILTERED : text;
};

/** The escapers, by what they are for. */
export const ESCAPERS = {
  html,
  noSpace,
  name,
  urlFilter,
  urlNormalize,
  urlEscape,
  srcset,
  jsValue,
  jsText: (value, print) => jsText(textOf(value, print)),
  jsTemplate: (value, print) => jsLiteral(textOf(value, print)),
  jsRegexp: (value, print) => jsPattern(textOf(value, print)) || '(?:)',
  css,
  cssValue,
  comment: () => '',
  /** The functions of templates, where a pipeline ends in them. */
  htmlFunction: (value, print) => htmlEscape(insertedText(value, print)),
  queryFunction: (value, print) => queryEscape(insertedText(value, print)),
} as const satisfies Readonly<Record<string, Escaper>>;

export type EscaperName = keyof typeof ESCAPERS;
