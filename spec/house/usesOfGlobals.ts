import ts from 'typescript';

/** One place where a file uses the clock, a timer, chance, a stream or the process by itself. */
export interface Use {
  readonly line: number;
  /** `performance.now`, `new Date`, `node:timers`. */
  readonly what: string;
}

/** Globals that depend on the process, each with its members that are pure functions. */
const GLOBALS: ReadonlyMap<string, readonly string[]> = new Map([
  ['Date', ['UTC', 'parse']],
  ['performance', []],
  ['process', []],
  ['console', []],
  ['crypto', []],
  ['setTimeout', []],
  ['setInterval', []],
  ['setImmediate', []],
  ['queueMicrotask', []],
  ['requestAnimationFrame', []],
]);

const MODULES = /^node:(timers|timers\/promises|perf_hooks|process|console)$/;

/** Whether an identifier is read as a value: not the name of a property, a key or a declaration, and not a part of a type. */
function isValue(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  if (ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent) || ts.isQualifiedName(parent)) return false;
  if (ts.findAncestor(node, (at) => ts.isTypeNode(at) && !ts.isExpressionWithTypeArguments(at)) !== undefined)
    return false;
  return !('name' in parent && parent.name === node);
}

function useOf(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
    const types = node.importClause?.isTypeOnly === true;
    return MODULES.test(node.moduleSpecifier.text) && !types ? node.moduleSpecifier.text : undefined;
  }
  if (ts.isPropertyAccessExpression(node) && node.getText() === 'Math.random') return 'Math.random';
  if (!ts.isIdentifier(node) || !isValue(node)) return undefined;
  const { parent, text } = node;
  if (text === 'globalThis') return 'globalThis';
  const pure = GLOBALS.get(text);
  if (pure === undefined) return undefined;
  if (ts.isNewExpression(parent) && parent.expression === node) return `new ${text}`;
  if (ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword) return undefined;
  if (!ts.isPropertyAccessExpression(parent)) return text;
  return pure.includes(parent.name.text) ? undefined : `${text}.${parent.name.text}`;
}

/** Finds where a source uses such a global, by its syntax tree: comments, strings and property names do not count. */
export function usesOfGlobals(text: string): readonly Use[] {
  const source = ts.createSourceFile('source.ts', text, ts.ScriptTarget.ES2023, true, ts.ScriptKind.TS);
  const uses: Use[] = [];
  const visit = (node: ts.Node): void => {
    const what = useOf(node);
    if (what !== undefined)
      uses.push({ line: source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1, what });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return uses;
}
