import type { EscaperName } from './html/escapers.js';

/** The syntax tree of a template. `at` is an offset in its text, for messages. */
export type TemplateNode =
  | TextNode
  | ActionNode
  | BranchNode
  | CallTemplateNode
  | { readonly kind: 'break' | 'continue'; readonly at: number };

export interface TextNode {
  readonly kind: 'text';
  readonly at: number;
  readonly text: string;
}

/** `{{pipeline}}`: its value is printed, unless it declares a variable. */
export interface ActionNode {
  readonly kind: 'action';
  readonly at: number;
  readonly pipe: Pipeline;
  /** How its value is made safe for its place in HTML, one after another; absent: the value is inserted as it is. */
  readonly escapers?: readonly EscaperName[];
}

/** `{{if}}`, `{{with}}` and `{{range}}`. */
export interface BranchNode {
  readonly kind: 'if' | 'with' | 'range';
  readonly at: number;
  readonly pipe: Pipeline;
  readonly body: readonly TemplateNode[];
  readonly otherwise: readonly TemplateNode[];
}

/** `{{template "name" pipeline}}`, and `{{block}}`, which also defines the template. */
export interface CallTemplateNode {
  readonly kind: 'template';
  readonly at: number;
  readonly name: string;
  readonly pipe: Pipeline | undefined;
}

/** Commands, each with the value of the one before as its last argument. */
export interface Pipeline {
  readonly at: number;
  /** The variables that it sets: none, one, or two with `range`. */
  readonly variables: readonly string[];
  /** True for `=`, false for `:=`. */
  readonly assigns: boolean;
  readonly commands: readonly Command[];
}

/** A value with arguments: of a function, or none. */
export interface Command {
  readonly at: number;
  readonly head: Operand;
  readonly args: readonly Operand[];
}

export type Operand =
  | { readonly kind: 'dot' | 'nil'; readonly at: number }
  | { readonly kind: 'constant'; readonly at: number; readonly value: string | boolean | number | bigint }
  | { readonly kind: 'function'; readonly at: number; readonly name: string }
  /** `.a.b` of the dot. */
  | { readonly kind: 'field'; readonly at: number; readonly names: readonly string[] }
  /** `$x.a.b`. */
  | { readonly kind: 'variable'; readonly at: number; readonly name: string; readonly names: readonly string[] }
  /** `(pipeline).a.b`. */
  | { readonly kind: 'pipe'; readonly at: number; readonly pipe: Pipeline; readonly names: readonly string[] };

/** A template that was read: its own nodes, and those of the templates that it defines. */
export interface ParsedTemplate {
  readonly text: string;
  readonly nodes: readonly TemplateNode[];
  readonly defined: ReadonlyMap<string, readonly TemplateNode[]>;
}
