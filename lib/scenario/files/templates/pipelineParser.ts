import { EvaluationError } from '../values/evaluationError.js';
import { unquoteText } from '../values/goQuote.js';
import { numberOf, runeOf } from './constants.js';
import { type Token, type TokenKind, tokensOf } from './lexer.js';
import type { Command, Operand, Pipeline } from './nodes.js';
import { TemplateError } from './templateError.js';

/** How deep brackets, and blocks inside of blocks, may be nested. */
const DEEPEST = 200;

const STARTS_OPERAND: ReadonlySet<TokenKind> = new Set<TokenKind>([
  'bool',
  'rune',
  'dot',
  'field',
  'identifier',
  'number',
  'nil',
  'string',
  'variable',
  '(',
]);
/** What cannot be called with the value before `|`. */
const NO_FUNCTION: ReadonlySet<TokenKind> = new Set<TokenKind>(['bool', 'dot', 'nil', 'number', 'rune', 'string']);

/** Reads the pipelines of a template, token by token. */
export class PipelineParser {
  protected readonly tokens: readonly Token[];
  protected next = 0;
  /** Variables in scope, innermost last. */
  protected variables: string[] = ['$'];
  protected depth = 0;

  constructor(
    protected readonly text: string,
    private readonly functions: ReadonlySet<string>,
  ) {
    this.tokens = tokensOf(text);
  }

  protected fail(reason: string, token: Token = this.peek()): never {
    throw new TemplateError('template-syntax', reason, this.text, token.at);
  }

  protected peek(ahead = 0): Token {
    return this.tokens[Math.min(this.next + ahead, this.tokens.length - 1)] as Token;
  }

  protected last(): Token {
    return this.tokens[Math.max(0, this.next - 1)] as Token;
  }

  protected take(): Token {
    const token = this.peek();
    this.next++;
    return token;
  }

  protected skipSpace(): void {
    while (this.peek().kind === 'space') this.next++;
  }

  protected expect(kind: TokenKind, where: string): Token {
    this.skipSpace();
    const token = this.take();
    if (token.kind !== kind) this.unexpected(token, where);
    return token;
  }

  protected unexpected(token: Token, where: string): never {
    if (token.kind === 'end') this.fail(`the template ends in ${where}`, token);
    this.fail(`unexpected ${JSON.stringify(token.text)} in ${where}`, token);
  }

  /** Converts what is wrong with a constant into an error with its place. */
  protected constant<T>(token: Token, read: (text: string) => T): T {
    try {
      return read(token.text);
    } catch (error) {
      if (error instanceof EvaluationError) this.fail(error.message, token);
      throw error;
    }
  }

  protected enter(): void {
    if (++this.depth > DEEPEST) this.fail(`the template is nested more than ${DEEPEST} deep`);
  }

  /** The variables that a pipeline begins with, such as `$i, $x :=`. */
  #declared(most: number): Pick<Pipeline, 'variables' | 'assigns'> {
    const start = this.next;
    const variables: string[] = [];
    while (this.peek().kind === 'variable') {
      const { text } = this.take();
      this.skipSpace();
      const { kind } = this.peek();
      if (kind !== ',' && kind !== 'assign' && kind !== 'declare') break;
      this.next++;
      this.skipSpace();
      variables.push(text);
      if (kind !== ',') {
        if (variables.length > most) this.fail('too many variables before :=', this.last());
        this.#known(variables, kind === 'assign');
        return { variables, assigns: kind === 'assign' };
      }
    }
    if (variables.length > 0) this.fail('expected := after the variables');
    this.next = start;
    return { variables, assigns: false };
  }

  #known(variables: readonly string[], assigns: boolean): void {
    if (!assigns) {
      this.variables.push(...variables);
      return;
    }
    const missing = variables.find((name) => !this.variables.includes(name));
    if (missing !== undefined) this.fail(`the variable ${missing} is not declared; declare it by :=`, this.last());
  }

  protected pipeline(where: string, end: 'close' | ')', mostVariables = 1): Pipeline {
    this.skipSpace();
    const { at } = this.peek();
    const declared = this.#declared(mostVariables);
    const commands: Command[] = [];
    for (;;) {
      this.skipSpace();
      const token = this.peek();
      if (token.kind === end) break;
      if (!STARTS_OPERAND.has(token.kind)) this.unexpected(token, where);
      if (commands.length > 0 && NO_FUNCTION.has(token.kind))
        this.fail(`${JSON.stringify(token.text)} is not a function, and cannot take the value before |`, token);
      commands.push(this.#command());
    }
    if (commands.length === 0) this.fail(`there is no value in ${where}`);
    this.next++;
    return { at, ...declared, commands };
  }

  #command(): Command {
    const { at } = this.peek();
    const operands: Operand[] = [];
    for (;;) {
      this.skipSpace();
      if (STARTS_OPERAND.has(this.peek().kind)) operands.push(this.#operand());
      const token = this.peek();
      if (token.kind === 'space') continue;
      if (token.kind === 'pipe') this.next++;
      else if (token.kind !== 'close' && token.kind !== ')') this.unexpected(token, 'an action');
      break;
    }
    const [head, ...args] = operands;
    if (head === undefined) this.fail('a command is empty');
    return { at, head, args };
  }

  #operand(): Operand {
    const term = this.#term();
    const names: string[] = [];
    while (this.peek().kind === 'field') names.push(this.take().text.slice(1));
    if (names.length === 0) return term;
    switch (term.kind) {
      case 'field':
      case 'variable':
      case 'pipe':
        return { ...term, names: [...term.names, ...names] };
      case 'function': {
        const command = { at: term.at, head: term, args: [] };
        return {
          kind: 'pipe',
          at: term.at,
          pipe: { at: term.at, variables: [], assigns: false, commands: [command] },
          names,
        };
      }
      default:
        this.fail(`unexpected .${names[0]} after a value`, this.last());
    }
  }

  #term(): Operand {
    const token = this.take();
    const { at, text } = token;
    switch (token.kind) {
      case 'dot':
      case 'nil':
        return { kind: token.kind, at };
      case 'bool':
        return { kind: 'constant', at, value: text === 'true' };
      case 'number':
        return { kind: 'constant', at, value: this.constant(token, numberOf) };
      case 'rune':
        return { kind: 'constant', at, value: this.constant(token, runeOf) };
      case 'string':
        return { kind: 'constant', at, value: this.constant(token, unquoteText) };
      case 'field':
        return { kind: 'field', at, names: [text.slice(1)] };
      case 'variable':
        if (!this.variables.includes(text)) this.fail(`the variable ${text} is not declared`, token);
        return { kind: 'variable', at, name: text, names: [] };
      case 'identifier':
        if (!this.functions.has(text)) this.fail(`the function ${JSON.stringify(text)} is not known`, token);
        return { kind: 'function', at, name: text };
      default: {
        this.enter();
        const pipe = this.pipeline('a bracket', ')');
        this.depth--;
        return { kind: 'pipe', at, pipe, names: [] };
      }
    }
  }
}
