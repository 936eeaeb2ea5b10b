/** A range of a text: characters from 0, the end excluded. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A mistake in a file in HCL: where, what is wrong in a sentence, and what to do. */
export class HclError extends Error {
  constructor(
    readonly span: Span,
    message: string,
    readonly hint?: string,
  ) {
    super(message);
  }
}

interface Node<K extends string> {
  readonly kind: K;
  readonly span: Span;
  /** How deep it is nested, itself included. Reading refuses more than `MAX_DEPTH`, so recursive code cannot overflow the stack. */
  readonly depth: number;
}

/** A value that is written as such. Whole numbers beyond 2^53 are bigints, so that they keep their digits. */
export interface Literal extends Node<'literal'> {
  readonly value: string | number | bigint | boolean | null;
}

/** Text with `${...}` and `%{...}` in it. */
export interface Template extends Node<'template'> {
  readonly parts: readonly TemplatePart[];
}

export interface Variable extends Node<'variable'> {
  readonly name: string;
}

/** `of.name` and `of[key]`. */
export interface Access extends Node<'access'> {
  readonly of: Expression;
  readonly key: Expression;
}

/** `of[*].rest` and `of.*.rest`: the rest of each item, which stands for it as `item`. */
export interface Splat extends Node<'splat'> {
  readonly of: Expression;
  readonly rest: Expression;
}

/** The item of the innermost {@link Splat}. */
export type Item = Node<'item'>;

export interface Call extends Node<'call'> {
  readonly name: string;
  readonly args: readonly Expression[];
  /** The last argument is a list of arguments: `f(list...)`. */
  readonly expanded: boolean;
}

export type UnaryOperator = '-' | '!';
export type BinaryOperator = '||' | '&&' | '==' | '!=' | '<' | '<=' | '>' | '>=' | '+' | '-' | '*' | '/' | '%';

export interface Unary extends Node<'unary'> {
  readonly operator: UnaryOperator;
  readonly operand: Expression;
}

export interface Binary extends Node<'binary'> {
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}

export interface Conditional extends Node<'conditional'> {
  readonly condition: Expression;
  readonly yes: Expression;
  readonly no: Expression;
}

export interface List extends Node<'list'> {
  readonly items: readonly Expression[];
}

export interface ObjectOf extends Node<'object'> {
  readonly entries: readonly (readonly [key: Expression, value: Expression])[];
}

/** `[for value in source : item if condition]`, or with `key` `{for ... : key => item}`; `grouped` when `...` follows. */
export interface For extends Node<'for'> {
  readonly names: readonly string[];
  readonly source: Expression;
  readonly key: Expression | undefined;
  readonly item: Expression;
  readonly condition: Expression | undefined;
  readonly grouped: boolean;
}

export type Expression =
  | Literal
  | Template
  | Variable
  | Access
  | Splat
  | Item
  | Call
  | Unary
  | Binary
  | Conditional
  | List
  | ObjectOf
  | For;

/** `%{ if condition }yes%{ else }no%{ endif }` in a template. */
export interface TemplateIf {
  readonly kind: 'if';
  readonly span: Span;
  readonly condition: Expression;
  readonly yes: readonly TemplatePart[];
  readonly no: readonly TemplatePart[];
}

/** `%{ for value in source }parts%{ endfor }` in a template. */
export interface TemplateFor {
  readonly kind: 'each';
  readonly span: Span;
  readonly names: readonly string[];
  readonly source: Expression;
  readonly parts: readonly TemplatePart[];
}

/** A part of a template: text, a value, or a directive. */
export type TemplatePart = string | Expression | TemplateIf | TemplateFor;

/** An expression without its span and depth. */
export type UnplacedExpression = Expression extends infer E
  ? E extends Expression
    ? Omit<E, 'span' | 'depth'>
    : never
  : never;

/** Everything inside an expression. */
export function* insidesOf(made: UnplacedExpression): Generator<Expression> {
  switch (made.kind) {
    case 'template':
      yield* partsIn(made.parts);
      return;
    case 'access':
      yield made.of;
      yield made.key;
      return;
    case 'splat':
      yield made.of;
      yield made.rest;
      return;
    case 'call':
      yield* made.args;
      return;
    case 'unary':
      yield made.operand;
      return;
    case 'binary':
      yield made.left;
      yield made.right;
      return;
    case 'conditional':
      yield made.condition;
      yield made.yes;
      yield made.no;
      return;
    case 'list':
      yield* made.items;
      return;
    case 'object':
      for (const [key, value] of made.entries) {
        yield key;
        yield value;
      }
      return;
    case 'for':
      yield made.source;
      if (made.key !== undefined) yield made.key;
      yield made.item;
      if (made.condition !== undefined) yield made.condition;
      return;
    default:
  }
}

function* partsIn(parts: readonly TemplatePart[]): Generator<Expression> {
  for (const part of parts) {
    if (typeof part === 'string') continue;
    if (part.kind === 'if') {
      yield part.condition;
      yield* partsIn(part.yes);
      yield* partsIn(part.no);
    } else if (part.kind === 'each') {
      yield part.source;
      yield* partsIn(part.parts);
    } else yield part;
  }
}

/** `name = value` in a body. */
export interface Attribute {
  readonly name: string;
  readonly nameSpan: Span;
  readonly value: Expression;
}

/** `type "label" { ... }` in a body. */
export interface Block {
  readonly type: string;
  readonly typeSpan: Span;
  readonly labels: readonly { readonly text: string; readonly span: Span }[];
  readonly body: Body;
}

/** What is written in a file or between the braces of a block. */
export interface Body {
  readonly attributes: readonly Attribute[];
  readonly blocks: readonly Block[];
  /** The block from its type to its closing brace, or the whole file. */
  readonly span: Span;
}
