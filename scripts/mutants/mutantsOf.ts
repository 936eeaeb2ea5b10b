import ts from 'typescript';
import { type Change, changesOfExpression, changesOfStatement } from './mutators.js';

/** A change of a source file that a spec should notice. */
export interface Mutant {
  /** Its number: the switch that the instrumented text asks. */
  readonly id: number;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  readonly mutator: string;
  /** The change in short: `< → <=`. */
  readonly shown: string;
  /** The line of the source, trimmed: with `shown`, the name of the mutant in the list of equivalent ones. */
  readonly code: string;
}

/** A source with all its mutants in it, each behind a switch. */
export interface Instrumented {
  readonly text: string;
  readonly mutants: readonly Mutant[];
}

/** The switch in the instrumented text: `SWITCH(id)` is true when the mutant with that number is the active one. */
export const SWITCH = '__mutant';

const isTypeOnly = (node: ts.Node): boolean =>
  ts.isTypeNode(node) ||
  ts.isInterfaceDeclaration(node) ||
  ts.isTypeAliasDeclaration(node) ||
  ts.isImportDeclaration(node) ||
  ts.isExportDeclaration(node);

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ');

/**
 * Finds all mutants of a source, and puts them into its text as `(__mutant(7) ? (a <= b) : (a < b))`.
 * So one build holds every mutant, and no file is written to try one.
 * @param firstId the number of the first mutant; the others follow in the order of the text
 */
export function mutantsOf(file: string, text: string, firstId = 0): Instrumented {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true, ts.ScriptKind.TS);
  const lines = text.split('\n');
  const mutants: Mutant[] = [];

  const add = (node: ts.Node, { mutator, shown }: Change): number => {
    const { line, character } = source.getLineAndCharacterOfPosition(node.getStart(source));
    const id = firstId + mutants.length;
    const code = String(lines[line]).trim();
    mutants.push({ id, file, line: line + 1, column: character + 1, mutator, shown: oneLine(shown), code });
    return id;
  };

  const inside = (node: ts.Node): string => {
    let out = '';
    let at = node.getStart(source);
    ts.forEachChild(node, (child) => {
      const start = child.getStart(source);
      out += text.slice(at, start) + render(child);
      at = child.end;
    });
    return out + text.slice(at, node.end);
  };

  const render = (node: ts.Node): string => {
    if (isTypeOnly(node)) return text.slice(node.getStart(source), node.end);
    if (ts.isExpressionStatement(node)) {
      const removals = changesOfStatement(node, source).map((change) => add(node, change));
      // The braces keep an `else` that follows where it belongs.
      return removals.length === 0 ? inside(node) : `{ if (!${SWITCH}(${removals[0]})) ${inside(node)} }`;
    }
    const changes = ts.isExpression(node) ? changesOfExpression(node, source) : [];
    if (changes.length === 0) return inside(node);
    const switches = changes.map((change) => `${SWITCH}(${add(node, change)}) ? (${change.text}) : `).join('');
    return `(${switches}(${inside(node)}))`;
  };

  const body = render(source);
  return { text: `const ${SWITCH} = globalThis.${SWITCH};\n${body}`, mutants };
}
