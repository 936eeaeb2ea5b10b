import ts from 'typescript';

/** One change of one expression or statement, as text. */
export interface Change {
  /** What kind of change it is: the name of the mutator. */
  readonly mutator: string;
  /** The text that stands instead of the expression; `undefined` removes the statement. */
  readonly text: string | undefined;
  /** The change in short, for people: `< → <=`. */
  readonly shown: string;
}

const SWAPPED: ReadonlyMap<ts.SyntaxKind, readonly [mutator: string, to: string]> = new Map([
  [ts.SyntaxKind.LessThanToken, ['boundary', '<=']],
  [ts.SyntaxKind.LessThanEqualsToken, ['boundary', '<']],
  [ts.SyntaxKind.GreaterThanToken, ['boundary', '>=']],
  [ts.SyntaxKind.GreaterThanEqualsToken, ['boundary', '>']],
  [ts.SyntaxKind.EqualsEqualsEqualsToken, ['equality', '!==']],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, ['equality', '===']],
  [ts.SyntaxKind.AmpersandAmpersandToken, ['logic', '||']],
  [ts.SyntaxKind.BarBarToken, ['logic', '&&']],
  [ts.SyntaxKind.PlusToken, ['arithmetic', '-']],
  [ts.SyntaxKind.MinusToken, ['arithmetic', '+']],
  [ts.SyntaxKind.AsteriskToken, ['arithmetic', '/']],
  [ts.SyntaxKind.SlashToken, ['arithmetic', '*']],
  [ts.SyntaxKind.PercentToken, ['arithmetic', '*']],
]);

/** Both write a value, so they change the operator in place: the left side can not be put in parentheses. */
const ASSIGNED: ReadonlyMap<ts.SyntaxKind, string> = new Map([
  [ts.SyntaxKind.PlusEqualsToken, '-='],
  [ts.SyntaxKind.MinusEqualsToken, '+='],
  [ts.SyntaxKind.AsteriskEqualsToken, '/='],
  [ts.SyntaxKind.SlashEqualsToken, '*='],
]);

const CALLS: Readonly<Record<string, string>> = {
  'Math.min': 'Math.max',
  'Math.max': 'Math.min',
  'Math.floor': 'Math.ceil',
  'Math.ceil': 'Math.floor',
};

const isText = (node: ts.Expression): boolean =>
  ts.isStringLiteralLike(node) ||
  ts.isTemplateExpression(node) ||
  (ts.isParenthesizedExpression(node) && isText(node.expression)) ||
  (ts.isBinaryExpression(node) && (isText(node.left) || isText(node.right)));

const isComparison = (node: ts.Expression): boolean => ts.isBinaryExpression(node) && mirrors(node.operatorToken.kind);

/** Whether the swap of the operator is the negation of the whole. */
function mirrors(kind: ts.SyntaxKind): boolean {
  return kind === ts.SyntaxKind.EqualsEqualsEqualsToken || kind === ts.SyntaxKind.ExclamationEqualsEqualsToken;
}

function inBinary(node: ts.BinaryExpression, source: ts.SourceFile): Change[] {
  const { left, right, operatorToken } = node;
  const [a, b] = [left.getText(source), right.getText(source)];
  const from = operatorToken.getText(source);
  const assigned = ASSIGNED.get(operatorToken.kind);
  if (assigned !== undefined && !isText(right))
    return [{ mutator: 'arithmetic', text: `${a} ${assigned} (${b})`, shown: `${from} → ${assigned}` }];
  const swapped = SWAPPED.get(operatorToken.kind);
  if (swapped === undefined) return [];
  const [mutator, to] = swapped;
  if (mutator === 'arithmetic' && (isText(left) || isText(right))) return [];
  return [{ mutator, text: `(${a}) ${to} (${b})`, shown: `${from} → ${to}` }];
}

/** `x++` and `--x`. The other prefixes are left alone: the condition that holds a `!` is negated as a whole. */
function inUnary(node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression, source: ts.SourceFile): Change[] {
  const to = { [ts.SyntaxKind.PlusPlusToken]: '--', [ts.SyntaxKind.MinusMinusToken]: '++' }[node.operator as number];
  if (to === undefined) return [];
  const operand = node.operand.getText(source);
  const text = ts.isPrefixUnaryExpression(node) ? `${to}${operand}` : `${operand}${to}`;
  return [{ mutator: 'arithmetic', text, shown: `${node.getText(source)} → ${text}` }];
}

/** Whether a statement only leaves the block: its condition guards the statements after it. */
function leaves(statement: ts.Statement): boolean {
  if (ts.isBlock(statement)) return statement.statements.length === 1 && leaves(statement.statements[0]!);
  return (
    ts.isReturnStatement(statement) ||
    ts.isThrowStatement(statement) ||
    ts.isContinueStatement(statement) ||
    ts.isBreakStatement(statement)
  );
}

/** The condition of an `if`, a loop or a `?:`. */
function asCondition(node: ts.Expression, source: ts.SourceFile): Change[] {
  const { parent } = node;
  const guards = ts.isIfStatement(parent) && parent.expression === node;
  const loops = (ts.isWhileStatement(parent) || ts.isDoStatement(parent)) && parent.expression === node;
  const chooses =
    (ts.isConditionalExpression(parent) || ts.isForStatement(parent)) && parent.condition === (node as ts.Node);
  if (!guards && !loops && !chooses) return [];
  if (node.kind === ts.SyntaxKind.TrueKeyword) return [];
  const text = node.getText(source);
  const changes: Change[] = [];
  if (!isComparison(node)) changes.push({ mutator: 'negation', text: `!(${text})`, shown: `${text} → !(${text})` });
  if (guards && parent.elseStatement === undefined && leaves(parent.thenStatement))
    changes.push({ mutator: 'guard', text: 'false', shown: `if (${text}) is dropped` });
  return changes;
}

const CONSTANTS: ReadonlyMap<ts.SyntaxKind, readonly string[]> = new Map([
  [ts.SyntaxKind.NumberKeyword, ['0', '1']],
  [ts.SyntaxKind.BooleanKeyword, ['true', 'false']],
  [ts.SyntaxKind.StringKeyword, ["''"]],
]);

const functionOf = (node: ts.Node): ts.SignatureDeclaration | undefined =>
  ts.findAncestor(node.parent, ts.isFunctionLike) as ts.SignatureDeclaration | undefined;

/** What a function gives back, when its type is written and simple. */
function asResult(node: ts.Expression, source: ts.SourceFile): Change[] {
  const { parent } = node;
  const returned = ts.isReturnStatement(parent) || (ts.isArrowFunction(parent) && parent.body === node);
  if (!returned) return [];
  const type = functionOf(node)?.type;
  const text = node.getText(source);
  const values = type === undefined ? [] : (CONSTANTS.get(type.kind) ?? []);
  // A literal gets no second mutant here: see `asLiteral`.
  const other = values.filter(
    (value) => value !== text && !(type?.kind === ts.SyntaxKind.BooleanKeyword && isFlag(node)),
  );
  const wanted = type?.kind === ts.SyntaxKind.NumberKeyword ? other.slice(0, 1) : other;
  return wanted.map((value) => ({ mutator: 'result', text: value, shown: `return ${text} → return ${value}` }));
}

const isFlag = (node: ts.Node): boolean =>
  node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword;

/** Whether a number belongs to a named constant (`const LIMIT = 64 * 1024`) or is a default (`{ size = 16 }`). */
function isNamed(node: ts.Node): boolean {
  for (let at = node; ; at = at.parent) {
    const { parent } = at;
    if (ts.isVariableDeclaration(parent))
      return parent.initializer === at && ts.isIdentifier(parent.name) && /^[A-Z][A-Z0-9_]+$/.test(parent.name.text);
    if (ts.isBindingElement(parent) || ts.isParameter(parent)) return parent.initializer === at;
    if (!ts.isBinaryExpression(parent) && !ts.isParenthesizedExpression(parent)) return false;
  }
}

function asLiteral(node: ts.Expression): Change[] {
  if (isFlag(node)) {
    const from = node.kind === ts.SyntaxKind.TrueKeyword;
    if (ts.isWhileStatement(node.parent)) return [];
    return [{ mutator: 'flag', text: `${!from}`, shown: `${from} → ${!from}` }];
  }
  if (!ts.isNumericLiteral(node) || !isNamed(node)) return [];
  const value = Number(node.text);
  return [{ mutator: 'number', text: `${value + 1}`, shown: `${node.text} → ${value + 1}` }];
}

function inCall(node: ts.CallExpression, source: ts.SourceFile): Change[] {
  const name = node.expression.getText(source);
  const to = CALLS[name];
  if (to === undefined) return [];
  const text = `${to}${node.getText(source).slice(name.length)}`;
  return [{ mutator: 'arithmetic', text, shown: `${name} → ${to}` }];
}

/** The changes of one expression, such as `a < b` to `a <= b`. */
export function changesOfExpression(node: ts.Expression, source: ts.SourceFile): readonly Change[] {
  return [
    ...asCondition(node, source),
    ...asResult(node, source),
    ...asLiteral(node),
    ...(ts.isBinaryExpression(node) ? inBinary(node, source) : []),
    ...(ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node) ? inUnary(node, source) : []),
    ...(ts.isCallExpression(node) ? inCall(node, source) : []),
  ];
}

/** The changes of one statement: a call or an assignment that is left out. */
export function changesOfStatement(node: ts.Statement, source: ts.SourceFile): readonly Change[] {
  if (!ts.isExpressionStatement(node)) return [];
  const { expression } = node;
  if (ts.isStringLiteralLike(expression)) return [];
  if (ts.isCallExpression(expression) && expression.expression.kind === ts.SyntaxKind.SuperKeyword) return [];
  return [{ mutator: 'removal', text: undefined, shown: `${node.getText(source)} is removed` }];
}
