import { parseDuration } from '../../codec/duration.js';
import { ElpisError } from '../../core/errors.js';
import type { Millis } from '../../core/units.js';

const TOKEN = /[^\s,()=+:]+/y;

/** Reads a short text piece by piece. Its errors have the column and the expected text. */
export class TextScanner {
  /** Offset of the next character. */
  at = 0;

  /**
   * @param what The name of the text in messages.
   * @param end Where the text ends, by default at its end.
   */
  constructor(
    readonly what: string,
    readonly text: string,
    at = 0,
    readonly end: number = text.length,
  ) {
    this.at = at;
  }

  /** Skips blanks. Returns true when any text is left. */
  get more(): boolean {
    while (this.at < this.end && /\s/.test(this.text[this.at] as string)) this.at++;
    return this.at < this.end;
  }

  /** Skips a character if it is next. */
  skip(character: string): boolean {
    if (!this.more || this.text[this.at] !== character) return false;
    this.at++;
    return true;
  }

  /** Skips a character that must be next. */
  need(character: string): void {
    if (!this.skip(character)) this.fail(`"${character}"`);
  }

  /** The next word without skipping it; empty when there is none. */
  peek(): string {
    if (!this.more) return '';
    TOKEN.lastIndex = this.at;
    return (TOKEN.exec(this.text)?.[0] ?? '').slice(0, this.end - this.at);
  }

  /** The next word. */
  word(expected: string): string {
    const word = this.peek();
    if (word === '') this.fail(expected);
    this.at += word.length;
    return word;
  }

  /** A duration in milliseconds, as in a config: `1.5s`, `1m30s`. */
  duration(expected: string): Millis {
    const duration = this.#duration();
    if (duration === undefined) this.fail(`${expected}, a duration such as 20ms or 1m30s`);
    this.at += this.peek().length;
    return duration;
  }

  /** True when a duration is next. */
  get atDuration(): boolean {
    return this.#duration() !== undefined;
  }

  #duration(): Millis | undefined {
    const word = this.peek();
    // A sign has no meaning here, and a lone 0 is a count in some places of the grammar.
    return /^[\d.]+[a-zµμ]/.test(word) ? parseDuration(word) : undefined;
  }

  /** A whole number of at least `least`. */
  whole(expected: string, least: number): number {
    const value = /^\d+$/.test(this.peek()) ? Number(this.peek()) : Number.NaN;
    if (!(value >= least && Number.isSafeInteger(value))) this.fail(`${expected}, a whole number of at least ${least}`);
    this.at += this.peek().length;
    return value;
  }

  /** Throws an error with the expected text. @param at Its offset; by default that of the next character. */
  fail(expected: string, at = this.more ? this.at : this.end): never {
    const rest = this.text.slice(at, this.end);
    const found = /^[^\s,()=+]+|^./.exec(rest)?.[0];
    const before = `${this.what}, column ${at + 1}: expected ${expected}, found ${found === undefined ? 'the end' : `"${found}"`}`;
    throw new ElpisError('ELPIS_USAGE', `${before}\n  ${this.text}\n  ${' '.repeat(at)}^`);
  }
}

/** Reads `(name=value, ...)` in any order: each name at most once, each of `needed` at least once. */
export function readFields(
  scanner: TextScanner,
  readers: Readonly<Record<string, () => void>>,
  needed: readonly string[],
): void {
  const seen = new Set<string>();
  scanner.need('(');
  do {
    const name = scanner.peek();
    const reader = seen.has(name) ? undefined : readers[name];
    if (reader === undefined) {
      const left = Object.keys(readers).filter((key) => !seen.has(key));
      scanner.fail(left.length > 0 ? left.join(' or ') : '")"');
    }
    seen.add(scanner.word('a name'));
    scanner.need('=');
    reader();
  } while (scanner.skip(','));
  const missing = needed.find((name) => !seen.has(name));
  if (missing !== undefined) scanner.fail(`", ${missing}=..."`);
  scanner.need(')');
}
