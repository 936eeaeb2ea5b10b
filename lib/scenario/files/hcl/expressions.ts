import { MAX_DEPTH, type Scanner } from './scanner.js';
import {
  type Binary,
  type BinaryOperator,
  type Expression,
  HclError,
  insidesOf,
  type Literal,
  type Span,
  type TemplatePart,
  type UnplacedExpression,
} from './syntax.js';
import { forHead, heredocParts, quotedParts } from './templates.js';

const NUMBER = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** From the weakest to the strongest. The longer ones first, so that `<=` is not read as `<`. */
const OPERATORS: readonly (readonly BinaryOperator[])[] = [
  ['||'],
  ['&&'],
  ['==', '!='],
  ['>=', '<=', '>', '<'],
  ['+', '-'],
  ['*', '/', '%'],
];
const WORDS: ReadonlyMap<string, Literal['value']> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);

/** Reads the expressions of HCL 2, native syntax (https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md). */
export class ExpressionReader {
  constructor(private readonly scanner: Scanner) {}

  /** Reads one expression, from after blanks to its end. */
  readonly read = (): Expression => this.scanner.nested(() => this.#conditional());

  #made(span: Span, made: UnplacedExpression): Expression {
    let depth = 1;
    for (const inside of insidesOf(made)) depth = Math.max(depth, inside.depth + 1);
    // Chains such as a + a + a are read without recursion, so nesting is no bound for them.
    if (depth > 5 * MAX_DEPTH) {
      throw new HclError(span, `this expression has more than ${5 * MAX_DEPTH} levels`, 'use locals for parts of it');
    }
    return { ...made, span, depth } as Expression;
  }

  #from(start: number, made: UnplacedExpression): Expression {
    return this.#made(this.scanner.span(start), made);
  }

  #conditional(): Expression {
    const { scanner } = this;
    scanner.skip();
    const start = scanner.at;
    const condition = this.#binary(0);
    if (!scanner.take('?')) return condition;
    const yes = this.read();
    scanner.expect(':', 'a condition is written condition ? yes : no');
    const no = this.read();
    return this.#from(start, { kind: 'conditional', condition, yes, no });
  }

  #binary(level: number): Expression {
    const { scanner } = this;
    const operators = OPERATORS[level];
    if (operators === undefined) return this.#unary();
    scanner.skip();
    const start = scanner.at;
    let left = this.#binary(level + 1);
    for (;;) {
      const operator = operators.find((each) => this.#isOperator(each));
      if (operator === undefined) return left;
      scanner.take(operator);
      const right = this.#binary(level + 1);
      left = this.#from(start, { kind: 'binary', operator, left, right } satisfies Omit<Binary, 'span' | 'depth'>);
    }
  }

  #isOperator(operator: BinaryOperator): boolean {
    const { scanner } = this;
    if (!scanner.sees(operator)) return false;
    const next = scanner.text.charAt(scanner.at + operator.length);
    // `a => b` in an object, and the comments // and /*.
    return !(operator === '/' && (next === '/' || next === '*'));
  }

  #unary(): Expression {
    const { scanner } = this;
    scanner.skip();
    const start = scanner.at;
    for (const operator of ['-', '!'] as const) {
      if (operator === '!' && scanner.sees('!=')) continue;
      if (!scanner.take(operator)) continue;
      const operand = scanner.nested(() => this.#unary());
      return this.#from(start, { kind: 'unary', operator, operand });
    }
    return this.#accesses(this.#term(), start);
  }

  /** What follows a value: `.name`, `[key]`, `.*` and `[*]`. */
  #accesses(first: Expression, start: number): Expression {
    const { scanner } = this;
    let of = first;
    for (;;) {
      if (scanner.sees('...')) return of;
      if (scanner.take('.')) {
        if (scanner.take('*')) return this.#splat(of, start, false);
        of = this.#from(start, { kind: 'access', of, key: this.#key() });
      } else if (scanner.take('[')) {
        const inside = scanner.within(true, () => {
          const splat = scanner.take('*');
          const key = splat ? undefined : this.read();
          scanner.expect(']');
          return key;
        });
        if (inside === undefined) return this.#splat(of, start, true);
        of = this.#from(start, { kind: 'access', of, key: inside });
      } else return of;
    }
  }

  /** After `.`: a name, or the number of an item. */
  #key(): Expression {
    const { scanner } = this;
    scanner.skip();
    const start = scanner.at;
    const key = scanner.name() ?? scanner.matched(/\d+/y);
    if (key === undefined) throw scanner.error(`expected a name after the dot, got ${scanner.found()}`);
    return this.#from(start, { kind: 'literal', value: /^\d/.test(key) ? Number(key) : key });
  }

  /** After `[*]` all that follows belongs to each item, after `.*` only names. */
  #splat(of: Expression, start: number, full: boolean): Expression {
    const { scanner } = this;
    const item = this.#from(scanner.at, { kind: 'item' });
    if (full) {
      const rest = scanner.nested(() => this.#accesses(item, scanner.at));
      return this.#from(start, { kind: 'splat', of, rest });
    }
    let rest = item;
    while (scanner.sees('.') && !scanner.sees('...')) {
      scanner.take('.');
      rest = this.#from(item.span.start, { kind: 'access', of: rest, key: this.#key() });
    }
    return this.#accesses(this.#from(start, { kind: 'splat', of, rest }), start);
  }

  #term(): Expression {
    const { scanner } = this;
    scanner.skip();
    const start = scanner.at;
    const parts = this.#text();
    if (parts !== undefined) return this.#from(start, { kind: 'template', parts });
    const number = scanner.matched(NUMBER);
    if (number !== undefined) return this.#from(start, { kind: 'literal', value: numberOf(number) });
    if (scanner.take('(')) return this.#parenthesized();
    if (scanner.take('[')) return scanner.within(true, () => this.#list(start));
    if (scanner.take('{')) return this.#object(start);
    const name = scanner.name();
    if (name === undefined) {
      throw scanner.error(`expected a value, got ${scanner.found()}`, 'text is written in double quotes');
    }
    const word = WORDS.get(name);
    if (word !== undefined) return this.#from(start, { kind: 'literal', value: word });
    if (scanner.sees('(')) return this.#call(name, start);
    return this.#from(start, { kind: 'variable', name });
  }

  #text(): readonly TemplatePart[] | undefined {
    const { scanner } = this;
    if (scanner.sees('<<')) return heredocParts(scanner, this.read);
    return scanner.take('"') ? quotedParts(scanner, this.read) : undefined;
  }

  #parenthesized(): Expression {
    const { scanner } = this;
    return scanner.within(true, () => {
      const inside = this.read();
      scanner.expect(')');
      return inside;
    });
  }

  #call(name: string, start: number): Expression {
    const { scanner } = this;
    scanner.take('(');
    return scanner.within(true, () => {
      const args: Expression[] = [];
      let expanded = false;
      while (!scanner.take(')')) {
        args.push(this.read());
        expanded = scanner.take('...');
        if (expanded || !scanner.take(',')) {
          scanner.expect(')', 'arguments are separated by commas');
          break;
        }
      }
      return this.#from(start, { kind: 'call', name, args, expanded });
    });
  }

  #list(start: number): Expression {
    const { scanner } = this;
    if (scanner.word('for')) return this.#for(start, false);
    const items: Expression[] = [];
    while (!scanner.take(']')) {
      items.push(this.read());
      if (scanner.take(',')) continue;
      scanner.expect(']', 'items are separated by commas');
      break;
    }
    return this.#from(start, { kind: 'list', items });
  }

  #object(start: number): Expression {
    const { scanner } = this;
    scanner.skipLines();
    if (scanner.word('for')) return scanner.within(true, () => this.#for(start, true));
    return scanner.within(false, () => {
      const entries: [Expression, Expression][] = [];
      for (;;) {
        scanner.skipLines();
        if (scanner.take('}')) break;
        const key = this.#objectKey();
        if (!scanner.take('=') && !scanner.take(':')) {
          throw scanner.error(`expected = after the key, got ${scanner.found()}`, 'a map is written { key = value }');
        }
        entries.push([key, this.read()]);
        if (scanner.take(',') || scanner.newline()) continue;
        scanner.expect('}', 'entries are separated by commas or ends of lines');
        break;
      }
      return this.#from(start, { kind: 'object', entries });
    });
  }

  /** A single name is a text; anything else is an expression. */
  #objectKey(): Expression {
    const { scanner } = this;
    scanner.skip();
    const start = scanner.at;
    const name = scanner.name();
    if (name !== undefined && (scanner.sees('=') || scanner.sees(':'))) {
      return this.#made({ start, end: start + name.length }, { kind: 'literal', value: name });
    }
    scanner.at = start;
    const key = this.#binary(0);
    if (key.kind === 'access' && scanner.text.charAt(start) !== '(') {
      throw new HclError(
        key.span,
        'a key that is an expression is written in parentheses',
        'write (local.name) = value',
      );
    }
    return key;
  }

  #for(start: number, object: boolean): Expression {
    const { scanner } = this;
    const { names, source } = forHead(scanner, this.read);
    scanner.expect(':', 'write for item in list : value');
    const first = this.read();
    if (object) scanner.expect('=>', 'write for item in list : key => value');
    const item = object ? this.read() : first;
    const grouped = object && scanner.take('...');
    const condition = scanner.word('if') ? this.read() : undefined;
    scanner.expect(object ? '}' : ']');
    return this.#from(start, { kind: 'for', names, source, key: object ? first : undefined, item, condition, grouped });
  }
}

/** A number as written. */
function numberOf(text: string): number | bigint {
  const number = Number(text);
  return /^\d+$/.test(text) && !Number.isSafeInteger(number) ? BigInt(text) : number;
}
