import { type Expression, HclError, type Span, type TemplatePart } from './syntax.js';

/** What a template is read into: its text and sequences, in order. */
export type Token =
  | { readonly kind: 'text'; readonly text: string; readonly span: Span }
  | ({
      /** `~` after the opening and before the closing brace: blanks of the text beside it are left out. */
      readonly trimBefore: boolean;
      readonly trimAfter: boolean;
      readonly span: Span;
    } & Sequence);

/** `${...}` and `%{...}`. */
export type Sequence =
  | { readonly kind: 'value'; readonly value: Expression }
  | { readonly kind: 'if'; readonly condition: Expression }
  | { readonly kind: 'for'; readonly names: readonly string[]; readonly source: Expression }
  | { readonly kind: 'else' | 'endif' | 'endfor' };

type TextToken = Extract<Token, { kind: 'text' }>;
type Opening = Extract<Token, { kind: 'if' | 'for' }>;

/** Leaves out blanks beside sequences with `~`. */
function trimmed(tokens: readonly Token[]): readonly Token[] {
  const trims = (token: Token | undefined, side: 'trimBefore' | 'trimAfter'): boolean =>
    token !== undefined && token.kind !== 'text' && token[side];
  return tokens.map((token, i) => {
    if (token.kind !== 'text') return token;
    const start = trims(tokens[i - 1], 'trimAfter') ? token.text.trimStart() : token.text;
    return { ...token, text: trims(tokens[i + 1], 'trimBefore') ? start.trimEnd() : start };
  });
}

/** How deep directives may be nested in a template. */
const MAX_DIRECTIVE_DEPTH = 50;

/** Puts the directives of a template and what they enclose together. */
class Directives {
  readonly #tokens: Token[];

  constructor(tokens: readonly Token[]) {
    this.#tokens = [...tokens].reverse();
  }

  /** The parts up to the end of the template. */
  all(): readonly TemplatePart[] {
    const parts: TemplatePart[] = [];
    for (let token = this.#tokens.pop(); token !== undefined; token = this.#tokens.pop())
      parts.push(this.#part(token, 0));
    return parts;
  }

  #part(token: Token, depth: number): TemplatePart {
    switch (token.kind) {
      case 'text':
        return token.text;
      case 'value':
        return token.value;
      case 'if':
      case 'for':
        if (depth < MAX_DIRECTIVE_DEPTH) return this.#directive(token, depth + 1);
        throw new HclError(token.span, `directives are nested more than ${MAX_DIRECTIVE_DEPTH} deep`, 'use locals');
      default: {
        const opening = token.kind === 'endfor' ? 'for' : 'if';
        throw new HclError(token.span, `${token.kind} without ${opening} before it`, `begin with %{ ${opening} ... }`);
      }
    }
  }

  #directive(opening: Opening, depth: number): TemplatePart {
    const { span } = opening;
    if (opening.kind === 'for') {
      const [parts] = this.#until(opening, ['endfor'], depth);
      return { kind: 'each', span, names: opening.names, source: opening.source, parts };
    }
    const [yes, end] = this.#until(opening, ['else', 'endif'], depth);
    const no = end === 'else' ? this.#until(opening, ['endif'], depth)[0] : [];
    return { kind: 'if', span, condition: opening.condition, yes, no };
  }

  /** The parts up to one of the words, and that word. */
  #until({ kind, span }: Opening, ends: readonly string[], depth: number): [parts: TemplatePart[], end: string] {
    const parts: TemplatePart[] = [];
    for (let token = this.#tokens.pop(); token !== undefined; token = this.#tokens.pop()) {
      if (ends.includes(token.kind)) return [parts, token.kind];
      parts.push(this.#part(token, depth));
    }
    throw new HclError(span, `this ${kind} is not closed`, `close it with %{ end${kind} }`);
  }
}

/** The parts of a template from what was read of it, in order. */
export function partsOf(tokens: readonly Token[]): readonly TemplatePart[] {
  return new Directives(trimmed(tokens)).all();
}

/** Leaves out the indentation that all lines of a heredoc have, as HashiCorp's reader counts it: blank lines do not count. */
export function dedented(tokens: readonly Token[]): readonly Token[] {
  const begins = (i: number): boolean => {
    const before = tokens[i - 1];
    return before === undefined || (before.kind === 'text' && before.text.endsWith('\n'));
  };
  const isBlank = ({ text }: TextToken): boolean => text.trim() === '' && text.endsWith('\n');
  const indents = tokens.flatMap((token, i) => {
    if (!begins(i)) return [];
    if (token.kind !== 'text') return [0];
    return isBlank(token) ? [] : [token.text.length - token.text.trimStart().length];
  });
  const common = indents.reduce((least, indent) => Math.min(least, indent), Number.POSITIVE_INFINITY);
  return tokens.map((token, i) =>
    token.kind === 'text' && begins(i) && !isBlank(token) ? { ...token, text: token.text.slice(common) } : token,
  );
}
