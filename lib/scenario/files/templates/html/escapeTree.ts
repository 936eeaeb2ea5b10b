import { EvaluationError } from '../../values/evaluationError.js';
import type { PrintOptions } from '../../values/goPrint.js';
import { FUNCTION_NAMES } from '../builtins.js';
import { Rendering } from '../evaluate.js';
import type { ActionNode, BranchNode, CallTemplateNode, ParsedTemplate, TemplateNode, TextNode } from '../nodes.js';
import { parseTemplate } from '../parser.js';
import type { Template } from '../template.js';
import { TemplateError } from '../templateError.js';
import { type Context, isComment, isScriptLiteral, joined, keyOf, nudged, START, sameContext } from './context.js';
import { escapesOf } from './escapesOf.js';
import { nextContext } from './transitions.js';

/** Nodes with their escapers, and the context after them. */
interface Escaped {
  readonly nodes: readonly TemplateNode[];
  readonly after: Context;
}

/** Contexts at `break` and `continue` of a loop. */
type LoopEnds = Context[];

/** Decides from the text around each action how its value is escaped, as Go's `html/template` does. */
class TreeEscaper {
  /** By name and context, templates as they are called there. */
  readonly #called = new Map<string, Escaped>();
  #loops: LoopEnds[] = [];

  constructor(private readonly template: ParsedTemplate) {}

  escape(): ParsedTemplate {
    const { nodes, after } = this.#list(START, this.template.nodes);
    if (after.state !== 'text')
      this.#fail(this.template.text.length, `the template ends inside of HTML (${after.state})`);
    const defined = new Map([...this.#called].map(([key, escaped]) => [key, escaped.nodes]));
    return { text: this.template.text, nodes, defined };
  }

  #fail(at: number, reason: string): never {
    throw new TemplateError('template-syntax', reason, this.template.text, at);
  }

  #placed<T>(at: number, run: () => T): T {
    try {
      return run();
    } catch (error) {
      if (error instanceof EvaluationError && !(error instanceof TemplateError)) this.#fail(at, error.message);
      throw error;
    }
  }

  #list(context: Context, list: readonly TemplateNode[]): Escaped {
    const nodes: TemplateNode[] = [];
    let here = context;
    for (const node of list) {
      const [escaped, after] = this.#node(here, node);
      nodes.push(escaped);
      here = after;
      if (here.state === 'dead') break;
    }
    return { nodes, after: here };
  }

  #node(context: Context, node: TemplateNode): readonly [TemplateNode, Context] {
    switch (node.kind) {
      case 'text':
        return this.#placed(node.at, () => this.#text(context, node));
      case 'action':
        return this.#placed(node.at, () => this.#action(context, node));
      case 'template':
        return this.#call(context, node);
      case 'break':
      case 'continue':
        this.#loops.at(-1)?.push(context);
        return [node, { ...context, state: 'dead' }];
      default:
        return this.#branch(context, node);
    }
  }

  #action(context: Context, node: ActionNode): readonly [TemplateNode, Context] {
    if (node.pipe.variables.length > 0) return [node, context];
    const { escapers, pipe, after } = escapesOf(nudged(context), node.pipe);
    return [{ ...node, pipe, escapers }, after];
  }

  #join(at: number, kind: string, a: Context, b: Context): Context {
    return (
      joined(a, b) ??
      this.#fail(at, `the branches of {{${kind}}} end in different places of HTML (${a.state}, ${b.state})`)
    );
  }

  #branch(context: Context, node: BranchNode): readonly [TemplateNode, Context] {
    const { at, kind, body, otherwise } = node;
    let escaped: Escaped;
    if (kind === 'range') {
      escaped = this.#loop(context, node);
      // The second turn of the loop begins where the first one has ended.
      const again = this.#loop(escaped.after, node);
      escaped = { nodes: escaped.nodes, after: this.#join(at, kind, escaped.after, again.after) };
    } else escaped = this.#list(context, body);
    const other = this.#list(context, otherwise);
    return [{ ...node, body: escaped.nodes, otherwise: other.nodes }, this.#join(at, kind, escaped.after, other.after)];
  }

  #loop(context: Context, { at, kind, body }: BranchNode): Escaped {
    const ends: LoopEnds = [];
    this.#loops.push(ends);
    const { nodes, after } = this.#list(context, body);
    this.#loops.pop();
    return { nodes, after: ends.reduce((all, end) => this.#join(at, kind, all, end), after) };
  }

  #call(context: Context, node: CallTemplateNode): readonly [TemplateNode, Context] {
    const key = `${node.name} ${keyOf(context)}`;
    const known = this.#called.get(key) ?? this.#template(context, node, key);
    return [{ ...node, name: key }, known.after];
  }

  /** A template as it is called in a context. While its end is not known, it is taken to end where it begins. */
  #template(context: Context, { at, name }: CallTemplateNode, key: string): Escaped {
    const nodes = this.template.defined.get(name);
    if (nodes === undefined) this.#fail(at, `the template ${JSON.stringify(name)} is not defined`);
    const loops = this.#loops;
    this.#loops = [];
    let assumed = context;
    for (let tries = 0; tries < 2; tries++) {
      this.#called.set(key, { nodes, after: assumed });
      const escaped = this.#list(context, nodes);
      this.#called.set(key, escaped);
      if (tries === 0 && sameContext(escaped.after, assumed)) break;
      assumed = escaped.after;
    }
    this.#loops = loops;
    return this.#called.get(key) as Escaped;
  }

  #text(context: Context, node: TextNode): readonly [TemplateNode, Context] {
    const { text } = node;
    let here = context;
    let written = '';
    for (let i = 0; i < text.length; ) {
      const [after, length] = nextContext(here, text.slice(i));
      written += pieceOf(here, after, text.slice(i, i + length), text.slice(i));
      here = after;
      i += length;
    }
    return [{ ...node, text: written }, here];
  }
}

const COMMENT_STARTS = /(?:<!--|-->|\/\*|\/\/|#!)$/;

/** What is written of a piece of text: comments are left out, and a `<` that begins no tag is escaped. */
function pieceOf(context: Context, after: Context, piece: string, rest: string): string {
  if (isComment(context) && context.delim === '') {
    if (context.state === 'js-block-comment') return /[\n\r\u2028\u2029]/.test(piece) ? '\n' : ' ';
    return context.state === 'css-block-comment' ? ' ' : '';
  }
  let text = piece;
  if (context.state === 'text' || context.state === 'rcdata') {
    const end = after.state === context.state ? text.length : Math.max(0, text.lastIndexOf('<'));
    const untouched = (at: number): boolean => /^<!DOCTYPE/i.test(rest.slice(at, at + 9));
    text =
      text.slice(0, end).replaceAll('<', (found, at: number) => (untouched(at) ? found : '&lt;')) + text.slice(end);
  }
  if (after.state !== context.state && isComment(after) && after.delim === '') text = text.replace(COMMENT_STARTS, '');
  return isScriptLiteral(context) ? text.replaceAll(/<(script|\/script|!--)/gi, '\\x3C$1') : text;
}

/**
 * The template with the escapers of every action.
 *
 * @throws TemplateError `template-syntax` for HTML in which a value cannot be escaped.
 */
export const escapeTree = (template: ParsedTemplate): ParsedTemplate => new TreeEscaper(template).escape();

/**
 * Reads a template of Go's `html/template`: every value that it inserts is escaped for its place, such as the text of an element, the
 * value of an attribute, a URL or a script. What is not a tag, such as JSON, is text.
 *
 * @throws TemplateError `template-syntax`, with its line and column.
 */
export function htmlTemplate(text: string, print: PrintOptions): Template {
  if (!/[{<]/.test(text)) return { render: () => text };
  const escaped = escapeTree(parseTemplate(text, FUNCTION_NAMES));
  return { render: (variables, random) => new Rendering(escaped, { print, random }).render(variables) };
}
