import ts from 'typescript';

/** A name that a declaration refers to, and the module of an inline import (`import('./x.js').Name`). */
export interface ReferencedName {
  readonly name: string;
  readonly from?: string;
}

/** The types and values that a declaration refers to; those of a constructor only when users can call it. */
export function namesIn(statement: ts.Statement, exported: boolean): readonly ReferencedName[] {
  const names: ReferencedName[] = [];
  const first = (name: ts.EntityName): string => (ts.isIdentifier(name) ? name.text : first(name.left));
  const visit = (node: ts.Node): void => {
    if (ts.isConstructorDeclaration(node) && !exported) return;
    if (ts.isTypeReferenceNode(node)) names.push({ name: first(node.typeName) });
    if (ts.isTypeQueryNode(node)) names.push({ name: first(node.exprName) });
    if (ts.isExpressionWithTypeArguments(node) && ts.isIdentifier(node.expression))
      names.push({ name: node.expression.text });
    if (ts.isImportTypeNode(node) && node.qualifier !== undefined && ts.isLiteralTypeNode(node.argument)) {
      const { literal } = node.argument;
      if (ts.isStringLiteral(literal)) names.push({ name: first(node.qualifier), from: literal.text });
    }
    ts.forEachChild(node, visit);
  };
  visit(statement);
  return names;
}
