import { TemplateError } from './templateError.js';

/** What a piece of a template is. */
export type TokenKind =
  | 'text'
  | 'open'
  | 'close'
  | 'space'
  | 'bool'
  | 'char'
  | 'assign'
  | 'declare'
  | 'field'
  | 'identifier'
  | 'keyword'
  | 'variable'
  | 'dot'
  | 'nil'
  | 'number'
  | 'string'
  | 'rune'
  | 'pipe'
  | '('
  | ')'
  | ','
  | 'end';

/** A piece of a template. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** Offset in the template. */
  readonly at: number;
}

const KEYWORDS = new Set(['block', 'break', 'continue', 'define', 'else', 'end', 'if', 'range', 'template', 'with']);
const TRIM_OPEN = /^\{\{-(?=[ \t\r\n])/;
const CLOSE = /^(?:[ \t\r\n]-)?\}\}/;
const TRIM_CLOSE = /^[ \t\r\n]-\}\}/;
const BLANKS_AT_START = /^[ \t\r\n]+/;
const BLANKS_AT_END = /[ \t\r\n]+$/;
/** What may follow a name or a field. */
const TERMINATOR = /^(?:$|[ \t\r\n.,|:()]|\}\})/;
const NAME = /^[\p{L}\p{Nd}_]+/u;
const DIGITS =
  /^[+-]?(?:0[xX][\da-fA-F_]*(?:\.[\da-fA-F_]*)?(?:[pP][+-]?[\d_]*)?|0[oO][0-7_]*|0[bB][01_]*|[\d_]*(?:\.[\d_]*)?(?:[eE][+-]?[\d_]*)?)i?/;
const BLANK = /[ \t\r\n]/;
/** Characters that are tokens by themselves. */
const SIMPLE: Readonly<Record<string, TokenKind>> = { '=': 'assign', '|': 'pipe', ',': ',' };
/** What a quote begins. */
interface Quoted {
  readonly kind: TokenKind;
  readonly form: RegExp;
}
const QUOTES: Readonly<Record<string, Quoted>> = {
  '"': { kind: 'string', form: /^"(?:[^"\\\n]|\\[^\n])*"/ },
  '`': { kind: 'string', form: /^`[^`]*`/ },
  "'": { kind: 'rune', form: /^'(?:[^'\\\n]|\\[^\n])*'/ },
};
const PRINTABLE = /^[!-~]/;

/** The longest text of a template. */
const LONGEST = 1_048_576;

/** Cuts a template into tokens. */
class Lexer {
  readonly #tokens: Token[] = [];
  #at = 0;
  #depth = 0;

  constructor(private readonly template: string) {}

  tokens(): readonly Token[] {
    if (this.template.length > LONGEST) this.#fail(`the template is longer than ${LONGEST} characters`);
    while (this.#at < this.template.length) this.#text();
    this.#push('end', '');
    return this.#tokens;
  }

  #fail(reason: string, at = this.#at): never {
    throw new TemplateError('template-syntax', reason, this.template, at);
  }

  #push(kind: TokenKind, text: string, at = this.#at): void {
    this.#tokens.push({ kind, text, at });
  }

  #take(kind: TokenKind, text: string): void {
    this.#push(kind, text);
    this.#at += text.length;
  }

  /** A text, and the action after it. */
  #text(): void {
    const open = this.template.indexOf('{{', this.#at);
    const end = open < 0 ? this.template.length : open;
    let text = this.template.slice(this.#at, end);
    const rest = this.template.slice(end, end + 4);
    const trims = open >= 0 && TRIM_OPEN.test(rest);
    if (trims) text = text.replace(BLANKS_AT_END, '');
    if (text !== '') this.#push('text', text);
    this.#at = end;
    if (open < 0) return;
    const inside = open + (trims ? 4 : 2);
    if (this.template.startsWith('/*', inside)) this.#comment(inside);
    else this.#action(inside);
  }

  #comment(start: number): void {
    const close = this.template.indexOf('*/', start + 2);
    if (close < 0) this.#fail('the comment is not closed by */');
    this.#at = close + 2;
    if (!CLOSE.test(this.#rest(4))) this.#fail('a comment ends with */}}');
    this.#close();
  }

  /** Passes the end of an action, and blanks after it when it trims them. */
  #close(): void {
    const trims = TRIM_CLOSE.test(this.#rest(4));
    this.#at += trims ? 4 : 2;
    if (trims) this.#at += BLANKS_AT_START.exec(this.template.slice(this.#at))?.[0].length ?? 0;
  }

  #rest(length?: number): string {
    return this.template.slice(this.#at, length === undefined ? undefined : this.#at + length);
  }

  #action(start: number): void {
    const open = this.#at;
    this.#push('open', '{{');
    this.#at = start;
    this.#depth = 0;
    for (;;) {
      if (this.#at >= this.template.length) this.#fail('the action is not closed by }}', open);
      if (CLOSE.test(this.#rest(4))) {
        if (this.#depth > 0) this.#fail('a bracket ( is not closed');
        this.#push('close', '}}');
        this.#close();
        return;
      }
      this.#inside();
    }
  }

  #inside(): void {
    const character = this.template[this.#at] as string;
    const simple = SIMPLE[character];
    const quoted = QUOTES[character];
    if (BLANK.test(character)) this.#space();
    else if (simple !== undefined) this.#take(simple, character);
    else if (quoted !== undefined) this.#quoted(quoted, character);
    else if (character === '$') this.#named('variable', 'variable');
    else if (character === '.' && !/\d/.test(this.template[this.#at + 1] ?? '')) this.#named('field', 'dot');
    else if (/[+\-\d.]/.test(character)) this.#number();
    else if (character === '(' || character === ')') this.#bracket(character);
    else if (character === ':') this.#declare();
    else this.#word();
  }

  #bracket(character: '(' | ')'): void {
    this.#depth += character === '(' ? 1 : -1;
    if (this.#depth < 0) this.#fail('a bracket ) without (');
    this.#take(character, character);
  }

  #declare(): void {
    if (this.template[this.#at + 1] !== '=') this.#fail('expected := after the colon');
    this.#take('declare', ':=');
  }

  /** Blanks, except the one before a minus that closes and trims. */
  #space(): void {
    let length = BLANKS_AT_START.exec(this.#rest())?.[0].length ?? 0;
    if (/^-\}\}/.test(this.template.slice(this.#at + length, this.#at + length + 3))) length--;
    if (length > 0) this.#take('space', this.#rest(length));
  }

  #quoted({ kind, form }: Quoted, quote: string): void {
    const text = form.exec(this.#rest())?.[0];
    if (text === undefined) this.#fail(`a ${quote} is not closed by ${quote}`);
    this.#take(kind, text);
  }

  /** A field `.name` or a variable `$name`; without a name, the dot or the variable `$`. */
  #named(kind: TokenKind, alone: TokenKind): void {
    const name = NAME.exec(this.#rest().slice(1))?.[0] ?? '';
    this.#take(name === '' ? alone : kind, this.#rest(1 + name.length));
    this.#terminated();
  }

  #terminated(): void {
    if (TERMINATOR.test(this.#rest(2))) return;
    const character = String.fromCodePoint(this.template.codePointAt(this.#at) as number);
    const hint = character === '[' ? '; write (index .list 0).name for an entry of a list' : '';
    this.#fail(`unexpected ${JSON.stringify(character)} after a name${hint}`);
  }

  #number(): void {
    const text = DIGITS.exec(this.#rest())?.[0] ?? '';
    const next = NAME.exec(this.#rest().slice(text.length));
    if (text === '' || next !== null || /^[+-]/.test(this.template.slice(this.#at + text.length)))
      this.#fail(`${JSON.stringify(text + (next?.[0] ?? ''))} is not a number`);
    this.#take('number', text);
  }

  #word(): void {
    const word = NAME.exec(this.#rest())?.[0];
    if (word === undefined) {
      const character = String.fromCodePoint(this.template.codePointAt(this.#at) as number);
      if (!PRINTABLE.test(character)) this.#fail(`unexpected ${JSON.stringify(character)} in an action`);
      this.#take('char', character);
      return;
    }
    if (word === 'true' || word === 'false') this.#take('bool', word);
    else if (word === 'nil') this.#take('nil', word);
    else this.#take(KEYWORDS.has(word) ? 'keyword' : 'identifier', word);
    this.#terminated();
  }
}

/**
 * Cuts a template of Go into tokens: texts, and what stands between `{{` and `}}`. Comments are left out, and blanks that a trim
 * marker removes.
 *
 * @throws TemplateError `template-syntax`.
 */
export const tokensOf = (template: string): readonly Token[] => new Lexer(template).tokens();
