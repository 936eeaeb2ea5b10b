import { join } from 'node:path/posix';
import ts from 'typescript';
import type { Entry } from '../../../scripts/barrels.mjs';
import { projectConfig } from '../projectConfig.js';
import { type Declarations, emittedDeclarations } from './emittedDeclarations.js';
import { namesIn } from './namesIn.js';
import { plainDeclaration } from './plainDeclaration.js';

/** A declaration: its source file and its name there. */
interface Found {
  readonly file: string;
  readonly name: string;
  /** Users can import it. */
  readonly exported?: boolean;
}

/**
 * The public API as text: the exports of each entry with their types, by name, and then the declarations that those
 * refer to and that are not exported. A blank line is between any two. `root` ends with a slash.
 */
export function publicApi(entries: readonly Entry[], root: string): string {
  const { options } = projectConfig(root);
  const emitting = { ...options, noEmit: false, declaration: true, emitDeclarationOnly: true, outDir: `${root}dist` };
  const program = ts.createProgram(
    entries.map(({ file }) => `${root}${file}`),
    emitting,
  );
  const declarations = emittedDeclarations(program);
  const seen = new Set<string>();
  const queue: Found[] = [];
  const blocks: string[] = [];
  const place = ({ file, name }: Found): string => `${file.slice(root.length)} ${name}`;

  for (const { specifier, file } of entries) {
    blocks.push(`// ${specifier}`);
    for (const { as, found } of exportsOf(program, `${root}${file}`)) {
      seen.add(place(found));
      queue.push(found);
      const text = declared(declarations, found);
      blocks.push(as === found.name ? text : `${text}\n// exported as ${as}`);
    }
  }
  const referenced: string[] = [];
  for (let found = queue.shift(); found !== undefined; found = queue.shift()) {
    for (const next of referencesOf(declarations, found)) {
      if (seen.has(place(next))) continue;
      seen.add(place(next));
      queue.push(next);
      referenced.push(`// ${next.file.slice(root.length)}\n${declared(declarations, next)}`);
    }
  }
  return [...blocks, '// spoken of, but not exported', ...referenced.sort()].join('\n\n').concat('\n');
}

function exportsOf(program: ts.Program, file: string): readonly { readonly as: string; readonly found: Found }[] {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  if (module === undefined) throw new Error(`${file} is no module`);
  return checker
    .getExportsOfModule(module)
    .map((symbol) => {
      const real = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      const where = real.declarations?.[0]?.getSourceFile().fileName;
      if (where === undefined) throw new Error(`${file} exports ${symbol.name}, which is declared nowhere`);
      return { as: symbol.name, found: { file: where, name: real.name, exported: true } };
    })
    .sort((a, b) => (a.as < b.as ? -1 : 1));
}

function statementsOf(declarations: Declarations, { file, name }: Found): readonly ts.Statement[] {
  return (declarations(file)?.statements ?? []).filter((statement) =>
    ts.isVariableStatement(statement)
      ? statement.declarationList.declarations.some((each) => each.name.getText() === name)
      : (statement as ts.Statement & { readonly name?: ts.Node }).name?.getText() === name,
  );
}

function declared(declarations: Declarations, found: Found): string {
  const statements = statementsOf(declarations, found);
  if (statements.length === 0) return `${found.name} // from outside`;
  return statements.map((statement) => plainDeclaration(statement, found.exported ?? false)).join('\n');
}

/** The declarations of the project that a declaration refers to. */
function referencesOf(declarations: Declarations, found: Found): readonly Found[] {
  const names = statementsOf(declarations, found).flatMap((statement) => namesIn(statement, found.exported ?? false));
  return names.flatMap(({ name, from }) => {
    const target =
      from === undefined ? lookUp(declarations, { file: found.file, name }) : beside(found.file, from, name);
    return target !== undefined && statementsOf(declarations, target).length > 0 ? [target] : [];
  });
}

/** Where a name in a file is declared: there, or where it is imported from. */
function lookUp(declarations: Declarations, found: Found): Found | undefined {
  if (statementsOf(declarations, found).length > 0) return found;
  for (const statement of declarations(found.file)?.statements ?? []) {
    const bindings = ts.isImportDeclaration(statement) ? statement.importClause?.namedBindings : undefined;
    if (bindings === undefined || !ts.isNamedImports(bindings)) continue;
    const specifier = bindings.elements.find((each) => each.name.text === found.name);
    const { text } = (statement as ts.ImportDeclaration).moduleSpecifier as ts.StringLiteral;
    if (specifier !== undefined) return beside(found.file, text, (specifier.propertyName ?? specifier.name).text);
  }
  return undefined;
}

function beside(file: string, specifier: string, name: string): Found | undefined {
  return specifier.startsWith('.') ? { file: join(file, '..', specifier).replace(/\.js$/, '.ts'), name } : undefined;
}
