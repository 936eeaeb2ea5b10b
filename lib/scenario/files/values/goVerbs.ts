import { formatFloat } from './goNumber.js';
import { type PrintOptions, printNumber, printValue } from './goPrint.js';
import { isPrintable, quoteText } from './goQuote.js';
import { type GoMap, type GoValue, isList, isMap, sortedKeys, typeName } from './goValue.js';

/** The flags, width and precision of a verb such as `%-6.2f`. */
export interface Directive {
  readonly minus: boolean;
  readonly plus: boolean;
  readonly sharp: boolean;
  readonly space: boolean;
  readonly zero: boolean;
  readonly width: number | undefined;
  readonly precision: number | undefined;
}

function pad(text: string, { width = 0, minus }: Directive, zeros = false): string {
  const missing = width - [...text].length;
  if (missing <= 0) return text;
  if (minus) return text + ' '.repeat(missing);
  if (!zeros) return ' '.repeat(missing) + text;
  const sign = /^[+\- ]/.exec(text)?.[0] ?? '';
  return sign + '0'.repeat(missing) + text.slice(sign.length);
}

const BASES: Readonly<Record<string, number>> = { b: 2, d: 10, o: 8, O: 8, x: 16, X: 16 };

function signed(negative: boolean, digits: string, { plus, space }: Directive): string {
  return `${negative ? '-' : plus ? '+' : space ? ' ' : ''}${digits}`;
}

function formatInteger(value: bigint, verb: string, directive: Directive): string {
  const negative = value < 0n;
  const { precision, sharp, zero, minus } = directive;
  let digits = (negative ? -value : value).toString(BASES[verb]);
  if (precision !== undefined) digits = precision === 0 && value === 0n ? '' : digits.padStart(precision, '0');
  else if (zero && !minus && directive.width !== undefined) {
    const room = directive.width - (negative || directive.plus || directive.space ? 1 : 0);
    digits = digits.padStart(room, '0');
  }
  if (verb === 'X') digits = digits.toUpperCase();
  const prefix =
    verb === 'O'
      ? '0o'
      : sharp
        ? ({ b: '0b', o: digits.startsWith('0') ? '' : '0', x: '0x', X: '0X' }[verb] ?? '')
        : '';
  return pad(signed(negative, prefix + digits, directive), directive);
}

function formatRune(value: bigint, verb: string, directive: Directive): string {
  const valid = value >= 0n && value <= 0x10ffffn && !(value >= 0xd800n && value <= 0xdfffn);
  const rune = valid ? String.fromCodePoint(Number(value)) : '\ufffd';
  if (verb === 'c') return pad(rune, directive);
  if (verb === 'q') return pad(quoteText(rune, "'", directive.plus), directive);
  const code = value.toString(16).toUpperCase().padStart(4, '0');
  const named = directive.sharp && valid && isPrintable(rune) ? ` '${rune}'` : '';
  return pad(`U+${code}${named}`, directive);
}

function formatNumber(value: number, verb: string, directive: Directive, options: PrintOptions): string | undefined {
  const { precision, zero } = directive;
  const finite = Number.isFinite(value);
  if (verb === 'v') {
    const text = precision === undefined ? printNumber(value, options) : formatFloat(value, 'g', precision);
    return pad(withSign(text, directive), directive, zero && finite);
  }
  const lower = verb.toLowerCase();
  if (lower !== 'e' && lower !== 'f' && lower !== 'g') return undefined;
  const text = formatFloat(value, lower, precision ?? (lower === 'g' ? -1 : 6));
  return pad(withSign(verb === 'E' || verb === 'G' ? text.toUpperCase() : text, directive), directive, zero && finite);
}

function withSign(text: string, directive: Directive): string {
  const bare = text.replace(/^[+-]/, '');
  // Go shows the sign of an infinity only when it was asked for; +Inf without a flag keeps it.
  if (bare === 'Inf' && text.startsWith('+')) return '+Inf';
  return signed(text.startsWith('-'), bare, directive);
}

function hex(text: string, verb: string, { sharp, space, precision }: Directive): string {
  const bytes = Buffer.from(text).subarray(0, precision);
  const pairs = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'));
  const prefix = sharp ? '0x' : '';
  const joined = space
    ? pairs.map((pair) => prefix + pair).join(' ')
    : (pairs.length > 0 ? prefix : '') + pairs.join('');
  return verb === 'X' ? joined.toUpperCase() : joined;
}

function formatText(value: string, verb: string, directive: Directive): string | undefined {
  const { precision, plus, sharp, zero } = directive;
  const cut = precision === undefined ? value : [...value].slice(0, precision).join('');
  if (verb === 'v' && sharp) return pad(quoteText(value, '"', false), directive);
  if (verb === 's' || verb === 'v') return pad(cut, directive, zero);
  if (verb === 'x' || verb === 'X') return pad(hex(value, verb, directive), directive, zero);
  if (verb !== 'q') return undefined;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what a raw text cannot hold
  if (sharp && !/[`\0-\x08\x0a-\x1f\x7f\ufeff]/.test(cut)) return pad(`\`${cut}\``, directive);
  return pad(quoteText(cut, '"', plus), directive);
}

/** A value in the syntax of Go, for `%#v`. */
function goSyntax(value: GoValue, options: PrintOptions): string {
  if (typeof value === 'string') return quoteText(value, '"', false);
  if (isList(value)) return `${typeName(value)}{${value.map((each) => nested(each, options)).join(', ')}}`;
  if (isMap(value)) {
    const entries = sortedKeys(value).map((key) => `${quoteText(key, '"', false)}:${nested(value[key], options)}`);
    return `${typeName(value)}{${entries.join(', ')}}`;
  }
  return printValue(value, options);
}

const nested = (value: GoValue, options: PrintOptions): string =>
  value === null || value === undefined ? 'interface {}(nil)' : goSyntax(value, options);

const badVerb = (verb: string, value: GoValue, options: PrintOptions): string =>
  value === null || value === undefined
    ? `%!${verb}(<nil>)`
    : `%!${verb}(${typeName(value)}=${printValue(value, options)})`;

function formatInt(value: bigint, verb: string, directive: Directive): string | undefined {
  if (verb === 'v') return formatInteger(value, 'd', directive);
  if (verb === 'c' || verb === 'q' || verb === 'U') return formatRune(value, verb, directive);
  return BASES[verb] === undefined ? undefined : formatInteger(value, verb, directive);
}

function formatComposite(
  value: GoMap | readonly GoValue[],
  verb: string,
  directive: Directive,
  options: PrintOptions,
): string {
  if (verb === 'v' && directive.sharp) return goSyntax(value, options);
  const inner = (each: GoValue): string =>
    each === null || each === undefined ? '<nil>' : formatValue(each, verb, directive, options);
  if (isList(value)) return `[${value.map(inner).join(' ')}]`;
  return `map[${sortedKeys(value)
    .map((key) => `${inner(key)}:${inner(value[key])}`)
    .join(' ')}]`;
}

/** One value by one verb, as Go's `fmt` formats it; what does not fit is written, such as `%!d(string=x)`. */
export function formatValue(value: GoValue, verb: string, directive: Directive, options: PrintOptions): string {
  if (verb === 'T') return formatText(typeName(value), 's', directive) ?? '';
  if (value === null || value === undefined)
    return verb === 'v' ? pad('<nil>', directive) : badVerb(verb, value, options);
  const format = (): string | undefined => {
    switch (typeof value) {
      case 'string':
        return formatText(value, verb, directive);
      case 'boolean':
        return verb === 't' || verb === 'v' ? pad(String(value), directive) : undefined;
      case 'number':
        return formatNumber(value, verb, directive, options);
      case 'bigint':
        return formatInt(value, verb, directive);
      default:
        return formatComposite(value, verb, directive, options);
    }
  };
  return format() ?? badVerb(verb, value, options);
}
