import ts from 'typescript';

/** A function of a source and the length of its body. */
export interface FunctionLength {
  /** The name, that of the variable or key it is the value of, or `constructor`; for a function without a name, that of the function around it. */
  readonly name: string;
  readonly line: number;
  /** Lines of the body without its braces, empty lines and comments. Functions inside it count too. */
  readonly lines: number;
}

function nameOf(node: ts.SignatureDeclaration, around: string): string {
  if (ts.isConstructorDeclaration(node)) return 'constructor';
  if (node.name !== undefined) return node.name.getText();
  const { parent } = node;
  return ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent) ? parent.name.getText() : around;
}

/** The lines of a text on which a token begins or ends; comments are no tokens. */
function linesWithTokens(source: ts.SourceFile): ReadonlySet<number> {
  const found = new Set<number>();
  const lineOf = (at: number): number => source.getLineAndCharacterOfPosition(at).line;
  const visit = (node: ts.Node): void => {
    if (node.getChildCount(source) === 0 && node.getWidth(source) > 0)
      for (let line = lineOf(node.getStart(source)); line <= lineOf(node.end); line++) found.add(line);
    for (const child of node.getChildren(source))
      if (child.kind < ts.SyntaxKind.FirstJSDocNode || child.kind > ts.SyntaxKind.LastJSDocNode) visit(child);
  };
  visit(source);
  return found;
}

/** The functions of a source with their lengths, in the order in which they begin. */
export function functionLengthsOf(path: string, text: string): readonly FunctionLength[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
  const lineOf = (at: number): number => source.getLineAndCharacterOfPosition(at).line;
  const full = linesWithTokens(source);
  const found: FunctionLength[] = [];
  const visit = (node: ts.Node, around: string): void => {
    let name = around;
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
      name = nameOf(node, around);
      const [first, last] = [lineOf(node.body.getStart(source)), lineOf(node.body.end)];
      let lines = 0;
      for (let line = first + 1; line < last; line++) if (full.has(line)) lines++;
      found.push({ name, line: lineOf(node.getStart(source)) + 1, lines });
    }
    ts.forEachChild(node, (child) => visit(child, name));
  };
  visit(source, '');
  return found;
}
