import { closest } from '../codec/closest.js';
import { type ExpressionFault, type Token, tokensOf } from './tokens.js';

/** Reads the tokens of an expression one by one, and collects faults. */
export class TokenReader {
  readonly faults: ExpressionFault[] = [];
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(readonly text: string) {
    this.#tokens = tokensOf(text, this.faults);
  }

  /** The token `ahead` of the next one, without reading it; the end of the text has no further ones. */
  peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#next + ahead, this.#tokens.length - 1)] as Token;
  }

  next(): Token {
    const token = this.peek();
    this.#next++;
    return token;
  }

  /** Reads a symbol or a word, if it is the next token. */
  take(value: string): boolean {
    const token = this.peek();
    if (token.kind === 'text' || token.value !== value) return false;
    this.#next++;
    return true;
  }

  /** Reads a symbol; another token is a fault. */
  expect(value: string): boolean {
    if (this.take(value)) return true;
    this.fault(`"${value}"`);
    return false;
  }

  /** Reads one of some words. Another token is a fault with the nearest word, and is read when it is a word. */
  oneOf<const W extends string>(words: readonly W[], what = `one of ${words.join(', ')}`): W | undefined {
    const token = this.peek();
    const known = token.kind === 'word' ? words.find((word) => word === token.value) : undefined;
    if (known === undefined) {
      const near = token.kind === 'end' ? undefined : closest(token.value, words);
      this.fault(what, token, near === undefined ? undefined : `did you mean ${near}?`);
      if (token.kind === 'word') this.next();
      return undefined;
    }
    this.next();
    return known;
  }

  /** Reads a name: a text in quotes, or a single word. */
  name(what: string): string | undefined {
    const token = this.peek();
    if (token.kind === 'text' || token.kind === 'word') {
      this.next();
      return token.value;
    }
    this.fault(`${what}, in quotes unless it is one word`, token);
    if (token.kind === 'number') this.next();
    return undefined;
  }

  /** Skips tokens up to one of these symbols or words, or to the end. */
  skipTo(values: readonly string[]): void {
    while (this.peek().kind !== 'end' && !(this.peek().kind !== 'text' && values.includes(this.peek().value)))
      this.next();
  }

  /** Records a fault at a token. Default: the next one. */
  fault(expected: string, { at, length }: Token = this.peek(), hint?: string): void {
    this.#add(expected, at, at + length, hint);
  }

  /** Records a fault from a token to the last one that was read. */
  faultSince(expected: string, { at }: Token, hint?: string): void {
    const last = this.#tokens[this.#next - 1] as Token;
    this.#add(expected, at, last.at + last.length, hint);
  }

  #add(expected: string, from: number, to: number, hint: string | undefined): void {
    this.faults.push({ at: from, length: to - from, expected, found: this.text.slice(from, to), hint });
  }
}
