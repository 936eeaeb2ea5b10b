import { EvaluationError } from '../values/evaluationError.js';
import { boundedText, insertedText, MAX_TEXT } from '../values/goPrint.js';
import { entryOf, type GoMap, type GoValue, isList, isMap, sortedKeys, typeName } from '../values/goValue.js';
import { type FunctionContext, isTrue, TEMPLATE_FUNCTIONS, type TemplateFunction } from './builtins.js';
import { ESCAPERS } from './html/escapers.js';
import type {
  ActionNode,
  BranchNode,
  CallTemplateNode,
  Command,
  Operand,
  ParsedTemplate,
  Pipeline,
  TemplateNode,
} from './nodes.js';
import { TemplateError } from './templateError.js';

/** The most actions, texts and turns of loops of one rendering. */
export const MAX_STEPS = 1_000_000;
/** How deep templates may call each other. */
const DEEPEST = 250;

/** Why a list of nodes ended. */
type Ended = 'end' | 'break' | 'continue';

/** There is no value before `|`. */
const NONE = Symbol('none');
type Final = GoValue | typeof NONE;

/** One rendering of a template. */
export class Rendering {
  #output = '';
  #steps = 0;
  #depth = 0;
  #variables: { readonly name: string; value: GoValue }[] = [];
  #templates: ReadonlyMap<string, readonly TemplateNode[]>;

  constructor(
    private readonly template: ParsedTemplate,
    private readonly context: FunctionContext,
  ) {
    this.#templates = template.defined;
  }

  /** @throws TemplateError */
  render(data: GoMap): string {
    this.#variables.push({ name: '$', value: data });
    this.#list(data, this.template.nodes);
    return this.#output;
  }

  #fail(at: number, code: EvaluationError['code'], reason: string): never {
    throw new TemplateError(code, reason, this.template.text, at);
  }

  #step(at: number): void {
    if (++this.#steps > MAX_STEPS) this.#fail(at, 'template-limit', `the template takes over ${MAX_STEPS} steps`);
  }

  #print(at: number, text: string): void {
    this.#output += text;
    if (this.#output.length > MAX_TEXT)
      this.#fail(at, 'template-limit', `the template prints over ${MAX_TEXT} characters`);
  }

  #list(dot: GoValue, nodes: readonly TemplateNode[]): Ended {
    for (const node of nodes) {
      const ended = this.#node(dot, node);
      if (ended !== 'end') return ended;
    }
    return 'end';
  }

  #node(dot: GoValue, node: TemplateNode): Ended {
    this.#step(node.at);
    switch (node.kind) {
      case 'text':
        this.#print(node.at, node.text);
        return 'end';
      case 'action': {
        const value = this.#pipeline(dot, node.pipe);
        if (node.pipe.variables.length === 0) this.#insert(node, value);
        return 'end';
      }
      case 'if':
      case 'with':
        return this.#branch(dot, node);
      case 'range':
        return this.#range(dot, node);
      case 'template':
        this.#call(dot, node);
        return 'end';
      default:
        return node.kind;
    }
  }

  #insert({ at, escapers }: ActionNode, value: GoValue): void {
    const { print } = this.context;
    if (escapers === undefined) this.#print(at, insertedText(value, print));
    else this.#print(at, escapers.reduce<GoValue>((text, name) => ESCAPERS[name](text, print), value) as string);
  }

  #scoped(run: () => Ended): Ended {
    const mark = this.#variables.length;
    const ended = run();
    this.#variables.length = mark;
    return ended;
  }

  #branch(dot: GoValue, { kind, pipe, body, otherwise }: BranchNode): Ended {
    return this.#scoped(() => {
      const value = this.#pipeline(dot, pipe);
      if (isTrue(value)) return this.#list(kind === 'with' ? value : dot, body);
      return this.#list(dot, otherwise);
    });
  }

  #range(dot: GoValue, node: BranchNode): Ended {
    return this.#scoped(() => {
      const value = this.#pipeline(dot, node.pipe);
      let turns = 0;
      for (const [key, element] of this.#entries(value, node)) {
        turns++;
        if (this.#turn(key, element, node) === 'break') break;
      }
      return turns === 0 ? this.#list(dot, node.otherwise) : 'end';
    });
  }

  /** Keys and values in the order in which Go ranges over them. */
  *#entries(value: GoValue, { at, pipe }: BranchNode): Generator<readonly [GoValue, GoValue]> {
    if (value === undefined || value === null) return;
    if (isList(value)) {
      for (let i = 0; i < value.length; i++) yield [BigInt(i), value[i]];
    } else if (isMap(value)) {
      for (const key of sortedKeys(value)) yield [key, value[key]];
    } else if (typeof value === 'bigint') {
      if (pipe.variables.length > 1) this.#fail(at, 'template-type', 'range over a number has one variable');
      for (let i = 0n; i < value; i++) yield [undefined, i];
    } else this.#fail(at, 'template-type', `range over a value of type ${typeName(value)}`);
  }

  #turn(key: GoValue, element: GoValue, { at, pipe, body }: BranchNode): Ended {
    this.#step(at);
    const { variables, assigns } = pipe;
    const values = variables.length > 1 ? [key, element] : [element];
    return this.#scoped(() => {
      variables.forEach((name, i) => {
        if (assigns) this.#assign(name, values[i]);
        else this.#variables.push({ name, value: values[i] });
      });
      return this.#list(element, body);
    });
  }

  #call(dot: GoValue, { at, name, pipe }: CallTemplateNode): void {
    const nodes = this.#templates.get(name);
    if (nodes === undefined) this.#fail(at, 'template-syntax', `the template ${JSON.stringify(name)} is not defined`);
    if (this.#depth >= DEEPEST) this.#fail(at, 'template-limit', `templates call each other over ${DEEPEST} deep`);
    const value = pipe === undefined ? undefined : this.#pipeline(dot, pipe);
    const outer = this.#variables;
    this.#variables = [{ name: '$', value }];
    this.#depth++;
    this.#list(value, nodes);
    this.#depth--;
    this.#variables = outer;
  }

  #assign(name: string, value: GoValue): void {
    const found = this.#variables.findLast((each) => each.name === name);
    if (found !== undefined) found.value = value;
  }

  #pipeline(dot: GoValue, { commands, variables, assigns }: Pipeline): GoValue {
    let value: Final = NONE;
    for (const command of commands) {
      value = this.#command(dot, command, value);
      // As in Go, what is null in the data is nothing after a pipeline.
      if (value === null) value = undefined;
    }
    const result = value === NONE ? undefined : value;
    const [name] = variables;
    // The variables of a loop are set by each of its turns; before the first one they are the list.
    if (name !== undefined) {
      if (assigns) for (const each of variables) this.#assign(each, result);
      else for (const each of variables) this.#variables.push({ name: each, value: result });
    }
    return result;
  }

  #command(dot: GoValue, { head, args }: Command, final: Final): GoValue {
    if (head.kind === 'function') return this.#function(dot, head.name, head.at, args, final);
    const given = args.length > 0 || final !== NONE;
    if (head.kind === 'nil') this.#fail(head.at, 'template-type', 'nil is no command');
    if (given && (head.kind === 'field' || (head.kind === 'variable' && head.names.length > 0)))
      return this.#withArguments(dot, head);
    if (given) this.#fail(head.at, 'template-type', 'arguments are given to what is no function');
    return this.#operand(dot, head);
  }

  /** Nothing in the data is a function; a field of nothing is nothing, with or without arguments. */
  #withArguments(dot: GoValue, head: Extract<Operand, { names: readonly string[] }>): GoValue {
    const names = head.names;
    const last = names.at(-1) as string;
    const receiver = this.#fields(this.#receiver(dot, head), names.slice(0, -1), head.at);
    if (receiver === undefined) return undefined;
    return this.#fail(head.at, 'template-type', `${last} is no function, but has arguments`);
  }

  #receiver(dot: GoValue, operand: Extract<Operand, { names: readonly string[] }>): GoValue {
    switch (operand.kind) {
      case 'field':
        return dot;
      case 'variable':
        return this.#variables.findLast(({ name }) => name === operand.name)?.value;
      case 'pipe':
        return this.#pipeline(dot, operand.pipe);
    }
  }

  #operand(dot: GoValue, operand: Operand): GoValue {
    switch (operand.kind) {
      case 'dot':
        return dot;
      case 'nil':
        return undefined;
      case 'constant':
        return operand.value;
      case 'function':
        return this.#function(dot, operand.name, operand.at, [], NONE);
      default:
        return this.#fields(this.#receiver(dot, operand), operand.names, operand.at);
    }
  }

  #fields(receiver: GoValue, names: readonly string[], at: number): GoValue {
    let value = receiver;
    for (const name of names) {
      if (value === undefined) return undefined;
      if (!isMap(value)) {
        const what = value === null ? 'null' : `a value of type ${typeName(value)}`;
        this.#fail(at, 'field-of-scalar', `${JSON.stringify(name)} is looked up in ${what}`);
      }
      value = entryOf(value, name);
    }
    return value;
  }

  #function(dot: GoValue, name: string, at: number, args: readonly Operand[], final: Final): GoValue {
    const called = TEMPLATE_FUNCTIONS.get(name) as TemplateFunction;
    const count = args.length + (final === NONE ? 0 : 1);
    if (count < called.least || count > called.most) {
      const expected =
        called.least === called.most ? `${called.least}` : called.most === 4 ? '1 to 4' : `at least ${called.least}`;
      this.#fail(at, 'template-type', `${name} has ${count} arguments, expected ${expected}`);
    }
    if (name === 'and' || name === 'or') return this.#shortCircuit(dot, name, args, final);
    const values = args.map((arg) => this.#operand(dot, arg));
    if (final !== NONE) values.push(final);
    if (called.firstIsText === true && typeof values[0] !== 'string')
      this.#fail(
        at,
        'template-type',
        `the first argument of ${name} is of type ${typeName(values[0])}, expected a string`,
      );
    try {
      const result = called.call(values, this.context);
      return typeof result === 'string' ? boundedText(result) : result;
    } catch (error) {
      if (error instanceof EvaluationError && !(error instanceof TemplateError))
        this.#fail(at, error.code, error.message);
      throw error;
    }
  }

  #shortCircuit(dot: GoValue, name: 'and' | 'or', args: readonly Operand[], final: Final): GoValue {
    let value: GoValue;
    for (const arg of args) {
      value = this.#operand(dot, arg);
      if (isTrue(value) === (name === 'or')) return value;
    }
    return final === NONE ? value : final;
  }
}
