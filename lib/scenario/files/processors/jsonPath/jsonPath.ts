import { isDeepStrictEqual } from 'node:util';
import { EvaluationError } from '../../values/evaluationError.js';
import { unquoteText } from '../../values/goQuote.js';
import { entryOf, type GoValue, isMap } from '../../values/goValue.js';
import { type PathToken, syntaxError, tokensOfPath } from './jsonPathTokens.js';
import {
  all,
  direct,
  type Expression,
  entryAt,
  filter,
  follow,
  range,
  recursive,
  type Selector,
  several,
} from './selectors.js';

/** How deep brackets may be nested. */
const DEEPEST = 100;
/** Go's MaxInt32: the end of a range without an end. */
const NO_END = 2 ** 31 - 1;

const constant =
  (value: GoValue): Expression =>
  () =>
    value;

/** What stands in a bracket: `[a, b]`, `[a:b:c]`, `[?a]` or `[*]`. */
interface Bracket {
  readonly keys: readonly Expression[];
  readonly separator: '' | ',' | ':' | '?' | '*';
}

class PathParser {
  readonly #tokens: readonly PathToken[];
  #next = 0;
  #depth = 0;

  constructor(private readonly path: string) {
    this.#tokens = tokensOfPath(path);
  }

  parse(): Expression {
    const expression = this.#expression();
    if (this.#peek().kind !== 'end') this.#unexpected();
    return expression;
  }

  #peek(): PathToken {
    return this.#tokens[Math.min(this.#next, this.#tokens.length - 1)] as PathToken;
  }

  #isNext(character: string): boolean {
    const { kind, text } = this.#peek();
    return kind === 'character' && text === character;
  }

  /** Takes a character if it is the next token. */
  #takes(character: string): boolean {
    if (!this.#isNext(character)) return false;
    this.#next++;
    return true;
  }

  #unexpected(): never {
    const { kind, text } = this.#peek();
    syntaxError(this.path, kind === 'end' ? 'its end is missing' : `unexpected ${text}`);
  }

  #expect(character: string): void {
    if (!this.#takes(character)) this.#unexpected();
  }

  /** Values, compared by `==` and `!=`. There are no other operators. */
  #expression(): Expression {
    if (++this.#depth > DEEPEST) syntaxError(this.path, `brackets are nested over ${DEEPEST} deep`);
    let left = this.#value();
    for (;;) {
      const equals = this.#takes('==');
      if (!equals && !this.#takes('!=')) break;
      const [a, b] = [left, this.#value()];
      left = (root, current) => isDeepStrictEqual(a(root, current), b(root, current)) === equals;
    }
    this.#depth--;
    return left;
  }

  #value(): Expression {
    const { kind, text } = this.#peek();
    this.#next++;
    if (kind === 'number') return constant(Number(text));
    if (kind === 'text') return constant(this.#quoted(text));
    if (kind === 'name') return this.#named(text);
    switch (text) {
      case '$':
        return this.#path(false);
      case '@':
        return this.#path(true);
      case '-': {
        const value = this.#value();
        return (root, current) => {
          const number = value(root, current);
          if (typeof number === 'number') return -number;
          throw new EvaluationError('key-of-array', 'minus stands before what is no number');
        };
      }
      case '(': {
        const inside = this.#expression();
        this.#expect(')');
        return inside;
      }
      default:
        this.#next--;
        return this.#unexpected();
    }
  }

  #quoted(text: string): string {
    try {
      return unquoteText(text);
    } catch {
      return syntaxError(this.path, `the text ${text} is not valid`);
    }
  }

  /** A path without `$.`, such as `a.b[0]`. A key that is not there is null. */
  #named(name: string): Expression {
    if (name === 'true' || name === 'false') return constant(name === 'true');
    const keys: Expression[] = [constant(name)];
    for (;;) {
      if (this.#takes('.')) {
        const { kind, text } = this.#peek();
        if (kind !== 'name') this.#unexpected();
        this.#next++;
        keys.push(constant(text));
      } else if (this.#takes('[')) {
        keys.push(this.#expression());
        this.#expect(']');
      } else break;
    }
    return (root, current) =>
      keys.reduce<GoValue>((value, key) => {
        if (!isMap(value)) return entryAt(key)(root, value);
        return entryOf(value, String(key(root, current))) ?? null;
      }, root);
  }

  #path(ofCurrent: boolean): Expression {
    const selectors: Selector[] = [];
    for (;;) {
      if (this.#takes('.')) this.#afterDot(selectors);
      else if (this.#takes('[')) selectors.push(this.#selector(this.#bracket(), false));
      else if (this.#takes('(')) selectors.push(this.#script());
      else break;
    }
    return (root, current) => follow(selectors, root, ofCurrent ? current : root);
  }

  #script(): Selector {
    const script = this.#expression();
    this.#expect(')');
    return { plain: script };
  }

  #afterDot(selectors: Selector[]): void {
    const { kind, text } = this.#peek();
    this.#next++;
    if (kind === 'name') selectors.push(direct(constant(text)));
    else if (text === '*' && kind === 'character') selectors.push(all);
    else if (text === '.' && kind === 'character') this.#afterTwoDots(selectors);
    else {
      this.#next--;
      this.#unexpected();
    }
  }

  #afterTwoDots(selectors: Selector[]): void {
    selectors.push(recursive);
    const { kind, text } = this.#peek();
    this.#next++;
    if (kind === 'name') selectors.push(direct(constant(text)));
    else if (kind === 'character' && text === '*') selectors.push(all);
    else if (kind === 'character' && text === '[') selectors.push(this.#selector(this.#bracket(), true));
    else if (kind === 'character' && text === '(') selectors.push(this.#script());
    else {
      this.#next--;
      this.#unexpected();
    }
  }

  #bracket(): Bracket {
    if (this.#takes('*')) {
      this.#expect(']');
      return { keys: [], separator: '*' };
    }
    if (this.#takes('?')) {
      const condition = this.#expression();
      this.#expect(']');
      return { keys: [condition], separator: '?' };
    }
    const keys: Expression[] = [];
    let separator: Bracket['separator'] = '';
    for (;;) {
      const blank = this.#isNext(':') || (separator === ':' && this.#isNext(']'));
      if (!blank) keys.push(this.#expression());
      else keys.push(constant(keys.length === 1 ? NO_END : keys.length === 2 ? 1 : 0));
      if (this.#takes(']')) return { keys, separator };
      const next = this.#isNext(':') ? ':' : ',';
      this.#expect(next);
      if (separator !== '' && separator !== next) syntaxError(this.path, 'commas and colons in one bracket');
      separator = next;
    }
  }

  #selector({ keys, separator }: Bracket, recursively: boolean): Selector {
    const [first = constant(0), second = constant(NO_END), third = constant(1)] = keys;
    switch (separator) {
      case '*':
        return all;
      case '?':
        return filter(first);
      case ':':
        if (recursively) syntaxError(this.path, 'a range cannot follow ..');
        if (keys.length > 3) syntaxError(this.path, 'a range has at most three parts');
        return range(first, second, third);
      default:
        return keys.length === 1 && !recursively ? direct(first) : several(keys);
    }
  }
}

/**
 * Reads a JSONPath in the dialect of Pandora: `$.a["b"][0]`, `[0,2]`, `[1:]`, `[*]`, `..name`, `[?(@.id == 2)]`, and without `$.` in front
 * `a.b`. A path that cannot be ambiguous leads to one value; any other to a list, which may be empty.
 *
 * @throws EvaluationError `path-syntax`.
 */
export function parseJsonPath(path: string): (document: GoValue) => GoValue {
  const expression = new PathParser(path).parse();
  return (document) => expression(document, null);
}
