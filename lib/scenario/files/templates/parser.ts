import { unquoteText } from '../values/goQuote.js';
import type { Token } from './lexer.js';
import type { BranchNode, ParsedTemplate, TemplateNode } from './nodes.js';
import { PipelineParser } from './pipelineParser.js';

/** Names of the control structures, for messages. */
type Branch = BranchNode['kind'];

/** Where a list of nodes ends. */
interface ListEnd {
  readonly nodes: readonly TemplateNode[];
  readonly keyword: 'end' | 'else';
}

class Parser extends PipelineParser {
  readonly #defined = new Map<string, readonly TemplateNode[]>();
  #ranges = 0;

  parse(): ParsedTemplate {
    const nodes: TemplateNode[] = [];
    while (this.peek().kind !== 'end') {
      if (this.#startsWith('define')) this.#definition();
      else {
        const [node] = this.#node();
        if (node === undefined) this.fail('{{end}} or {{else}} without {{if}}, {{with}} or {{range}}', this.last());
        nodes.push(node);
      }
    }
    return { text: this.text, nodes, defined: this.#defined };
  }

  /** True when the next action has this keyword; its tokens are taken then. */
  #startsWith(keyword: string): boolean {
    if (this.peek().kind !== 'open') return false;
    const skipped = this.peek(1).kind === 'space' ? 2 : 1;
    const { kind, text } = this.peek(skipped);
    if (kind !== 'keyword' || text !== keyword) return false;
    this.next += skipped + 1;
    return true;
  }

  /** Nodes up to `{{end}}` or `{{else}}`. */
  #list(where: string): ListEnd {
    this.enter();
    const nodes: TemplateNode[] = [];
    while (this.peek().kind !== 'end') {
      const [node, keyword] = this.#node();
      if (node === undefined) {
        this.depth--;
        return { nodes, keyword };
      }
      nodes.push(node);
    }
    this.fail(`${where} has no {{end}}`);
  }

  #node(): [TemplateNode, undefined] | [undefined, 'end' | 'else'] {
    const token = this.take();
    if (token.kind === 'text') return [{ kind: 'text', at: token.at, text: token.text }, undefined];
    this.skipSpace();
    const first = this.peek();
    if (first.kind !== 'keyword') {
      return [{ kind: 'action', at: first.at, pipe: this.pipeline('an action', 'close') }, undefined];
    }
    this.next++;
    switch (first.text) {
      case 'if':
      case 'with':
      case 'range':
        return [this.#branch(first.text, first), undefined];
      case 'break':
      case 'continue':
        this.expect('close', `{{${first.text}}}`);
        if (this.#ranges === 0) this.fail(`{{${first.text}}} outside of {{range}}`, first);
        return [{ kind: first.text, at: first.at }, undefined];
      case 'template':
        return [this.#callTemplate(first), undefined];
      case 'block':
        return [this.#block(first), undefined];
      case 'end':
        this.expect('close', '{{end}}');
        return [undefined, 'end'];
      case 'else':
        this.skipSpace();
        if (!this.#elseBranches()) this.expect('close', '{{else}}');
        return [undefined, 'else'];
      default:
        this.fail(`{{${first.text}}} is possible only at the top level of a template`, first);
    }
  }

  /** True after `{{else`, before `if` or `with`. */
  #elseBranches(): boolean {
    const { kind, text } = this.peek();
    return kind === 'keyword' && (text === 'if' || text === 'with');
  }

  #branch(kind: Branch, { at }: Token): BranchNode {
    this.enter();
    const scope = this.variables.length;
    const pipe = this.pipeline(kind, 'close', kind === 'range' ? 2 : 1);
    if (kind === 'range') this.#ranges++;
    const { nodes: body, keyword } = this.#list(`{{${kind}}}`);
    if (kind === 'range') this.#ranges--;
    const otherwise = keyword === 'else' ? this.#otherwise(kind) : [];
    this.variables.length = scope;
    this.depth--;
    return { kind, at, pipe, body, otherwise };
  }

  #otherwise(kind: Branch): readonly TemplateNode[] {
    const chained = this.peek();
    if (this.#elseBranches()) {
      if (chained.text !== kind) this.unexpected(chained, `{{else}} of {{${kind}}}`);
      this.next++;
      return [this.#branch(kind, chained)];
    }
    const { nodes, keyword } = this.#list('{{else}}');
    if (keyword !== 'end') this.fail('{{else}} follows {{else}}, expected {{end}}', this.last());
    return nodes;
  }

  #name(where: string): string {
    return this.constant(this.expect('string', where), unquoteText);
  }

  #callTemplate({ at }: Token): TemplateNode {
    const name = this.#name('{{template}}');
    this.skipSpace();
    if (this.peek().kind === 'close') {
      this.next++;
      return { kind: 'template', at, name, pipe: undefined };
    }
    return { kind: 'template', at, name, pipe: this.pipeline('{{template}}', 'close') };
  }

  #block({ at }: Token): TemplateNode {
    const name = this.#name('{{block}}');
    const pipe = this.pipeline('{{block}}', 'close');
    this.#body(name, '{{block}}');
    return { kind: 'template', at, name, pipe };
  }

  #definition(): void {
    const name = this.#name('{{define}}');
    this.expect('close', '{{define}}');
    this.#body(name, '{{define}}');
  }

  /** The nodes of a template inside of this one. It has its own variables. */
  #body(name: string, where: string): void {
    const [variables, ranges] = [this.variables, this.#ranges];
    this.variables = ['$'];
    this.#ranges = 0;
    const { nodes, keyword } = this.#list(where);
    if (keyword !== 'end') this.fail(`{{else}} in ${where}`, this.last());
    [this.variables, this.#ranges] = [variables, ranges];
    const known = this.#defined.get(name);
    const blank = nodes.every((node) => node.kind === 'text' && node.text.trim() === '');
    // As in Go, an empty definition does not replace another one.
    if (known === undefined || !blank) this.#defined.set(name, nodes);
  }
}

/**
 * Reads a template of Go's `text/template`.
 *
 * @param functions The names of the functions that it may call.
 * @throws TemplateError `template-syntax`, with its line and column.
 */
export const parseTemplate = (text: string, functions: ReadonlySet<string>): ParsedTemplate =>
  new Parser(text, functions).parse();
