import { ElpisError } from '../core/errors.js';

/** A part of an expression that cannot be used. */
export interface ExpressionFault {
  /** Where it begins in the text, from 0, and its length. */
  readonly at: number;
  readonly length: number;
  /** What was expected there. */
  readonly expected: string;
  /** What is there; empty for the end of the text. */
  readonly found: string;
  readonly hint?: string | undefined;
}

/** A part of an expression. */
export interface Token {
  /** `word`: letters, digits, `_`, `-` and dots; `number`: begins with a digit; `text`: in quotes; `end`: the end of the text. */
  readonly kind: 'word' | 'number' | 'text' | 'symbol' | 'end';
  /** Of a text in quotes its content, otherwise as written. */
  readonly value: string;
  readonly at: number;
  readonly length: number;
}

const FORMS: readonly (readonly [kind: Token['kind'], form: RegExp])[] = [
  ['text', /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/y],
  ['number', /\d[\d_]*(?:\.\d+)?(?:[\p{L}\d]+(?:\.\d+)?)*/uy],
  ['word', /[\p{L}_][\p{L}\d_-]*(?:\.[\p{L}\d_-]+)*/uy],
  ['symbol', /<=|>=|==|!=|[<>=(),%/*×:]/y],
];

/** The content of a text in quotes, where a backslash stands before a quote or a backslash. */
const unquoted = (text: string): string => text.slice(1, -1).replaceAll(/\\(.)/gs, '$1');

/** The tokens of a text, with an `end` as the last one. Other characters are faults. */
export function tokensOf(text: string, faults: ExpressionFault[]): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const blank = /\s+/y;
    blank.lastIndex = at;
    if (blank.test(text)) {
      at = blank.lastIndex;
      continue;
    }
    const found = FORMS.flatMap(([kind, form]) => {
      form.lastIndex = at;
      const [whole] = form.exec(text) ?? [];
      return whole === undefined ? [] : [{ kind, whole }];
    })[0];
    if (found === undefined) {
      const open = text[at] === '"' || text[at] === "'";
      const whole = open ? text.slice(at) : String.fromCodePoint(text.codePointAt(at) as number);
      const expected = open ? 'a closing quote' : 'no such character';
      faults.push({ at, length: whole.length, expected, found: whole });
      at += whole.length;
      continue;
    }
    const { kind, whole } = found;
    tokens.push({ kind, value: kind === 'text' ? unquoted(whole) : whole, at, length: whole.length });
    at += whole.length;
  }
  return [...tokens, { kind: 'end', value: '', at: text.length, length: 0 }];
}

/** A fault in one sentence. */
export function faultText({ expected, found, hint }: ExpressionFault): string {
  const got = found === '' ? 'got the end of the text' : `got ${JSON.stringify(found)}`;
  return `expected ${expected}, ${got}${hint === undefined ? '' : ` (${hint})`}`;
}

/**
 * The faults of a text as an error that shows each of them below its place.
 *
 * ```text
 * --threshold: expected a measure, got "p99s" (did you mean p99?)
 *   p99s(response) < 250
 *   ^^^^
 * ```
 *
 * @param name The place of the text in messages, such as the name of an option.
 */
export function expressionError(
  code: 'ELPIS_USAGE' | 'ELPIS_CONFIG',
  name: string,
  text: string,
  faults: readonly ExpressionFault[],
): ElpisError {
  const shown = text.replaceAll(/\p{Cc}/gu, ' ');
  const drawn = faults.map(
    (fault) =>
      `${name}: ${faultText(fault)}\n  ${shown}\n  ${' '.repeat(fault.at)}${'^'.repeat(Math.max(1, fault.length))}`,
  );
  return new ElpisError(code, drawn.join('\n'), { hint: 'docs/THRESHOLDS.md has the grammar' });
}
