import ts from 'typescript';

const printer = ts.createPrinter({ removeComments: true });

/**
 * A declaration as text for a review: without comments, modifiers and private members; the members of unions in order,
 * since the order of the compiler changes with unrelated code; `import('./x.js').Name` as `Name`. A class that is not
 * exported has no constructor for users.
 */
export function plainDeclaration(statement: ts.Statement, exported: boolean): string {
  const { transformed, dispose } = ts.transform(statement, [plain(exported)]);
  const text = transformed.map((each) => printer.printNode(ts.EmitHint.Unspecified, each, statement.getSourceFile()));
  dispose();
  return text.join('\n').replace(/^(export |declare |default )+/, '');
}

const plain =
  (exported: boolean): ts.TransformerFactory<ts.Statement> =>
  (context) => {
    const sourceFile = ts.createSourceFile('', '', ts.ScriptTarget.Latest);
    const visit = (node: ts.Node): ts.Node | undefined => {
      if (ts.isClassElement(node) && isPrivate(node)) return undefined;
      if (ts.isConstructorDeclaration(node) && !exported) return undefined;
      const inner = ts.visitEachChild(node, visit, context);
      if (ts.isUnionTypeNode(inner)) {
        const textOf = (type: ts.TypeNode): string =>
          rank(printer.printNode(ts.EmitHint.Unspecified, type, fileOf(node)));
        const types = inner.types.map((type) => [textOf(type), type] as const);
        types.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
        return context.factory.updateUnionTypeNode(
          inner,
          context.factory.createNodeArray(types.map(([, type]) => type)),
        );
      }
      if (ts.isImportTypeNode(inner) && inner.qualifier !== undefined && !inner.isTypeOf)
        return context.factory.createTypeReferenceNode(inner.qualifier, inner.typeArguments);
      return inner;
    };
    const fileOf = (node: ts.Node): ts.SourceFile => node.getSourceFile() ?? sourceFile;
    return (statement) => visit(statement) as ts.Statement;
  };

/** `undefined` and `null` come last. */
const rank = (text: string): string => (text === 'undefined' || text === 'null' ? `~${text}` : text);

function isPrivate(member: ts.ClassElement): boolean {
  if (member.name !== undefined && ts.isPrivateIdentifier(member.name)) return true;
  return (ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Private) !== 0;
}
