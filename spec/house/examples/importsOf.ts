import { dirname, relative } from 'node:path/posix';
import ts from 'typescript';
import { entries as publicEntries } from '../../../scripts/barrels.mjs';
import type { Example } from './example.js';
import type { ImportOf } from './exampleModule.js';

const RXJS = { specifier: 'rxjs', file: 'node_modules/rxjs/dist/types/index.d.ts' };
const GIVEN = 'spec/house/examples/given.ts';
const NODE: Readonly<Record<string, string>> = {
  assert: "import assert from 'node:assert/strict';",
  describe: "import { describe } from 'node:test';",
  it: "import { it } from 'node:test';",
  test: "import { test } from 'node:test';",
};

/** A module whose exports an example may use without importing them. */
interface Source {
  readonly specifier: string;
  readonly exports: ReadonlyMap<string, ts.Symbol>;
}

/**
 * The imports of the names in examples: from the file of the docstring, given.ts, the entries of the package, RxJS, and
 * a few modules of Node. The docstring of an internal symbol may also use all files of lib and operators, which are
 * named after their symbols.
 */
export function importsOf(program: ts.Program, root: string): ImportOf {
  const checker = program.getTypeChecker();
  const source = ({ specifier, file }: { specifier: string; file: string }): Source => {
    const module = program.getSourceFile(`${root}${file}`);
    const symbol = module && checker.getSymbolAtLocation(module);
    if (symbol === undefined) throw new Error(`${file} is no module of the program`);
    const exports = checker.getExportsOfModule(symbol).map((each) => [each.name, aliased(each, checker)] as const);
    return { specifier, exports: new Map(exports) };
  };
  const entries = publicEntries.map(source);
  const rxjs = source(RXJS);
  const files = program.getRootFileNames().map((file) => file.slice(root.length));

  const sourcesFor = ({ file, of }: Example): readonly Source[] => {
    const beside = (path: string): Source => source({ specifier: towards(file, path), file: path });
    const given = beside(GIVEN);
    if (!file.endsWith('.ts')) return [given, ...entries, rxjs];
    const own = beside(file);
    const publishing = entries.filter(({ exports }) =>
      [...exports.values()].some(
        (symbol) => symbol.name === (of ?? symbol.name) && filesOf(symbol).includes(`${root}${file}`),
      ),
    );
    if (publishing.length > 0) return [own, given, ...publishing, ...entries, rxjs];
    return [own, given, ...nearestFirst(files, file).map(beside), ...entries, rxjs];
  };
  const known = new Map<string, readonly Source[]>();
  return (name, example) => {
    const place = `${example.file} ${example.of}`;
    const sources = known.get(place) ?? sourcesFor(example);
    known.set(place, sources);
    const having = sources.filter(({ exports }) => exports.has(name));
    const found = having.find(({ specifier }) => specifier.endsWith(`/${name}.js`)) ?? having[0];
    if (found === undefined) return Object.hasOwn(NODE, name) ? NODE[name] : undefined;
    return `import { ${isValue(found.exports.get(name)) ? '' : 'type '}${name} } from '${found.specifier}';`;
  };
}

const isValue = (symbol: ts.Symbol | undefined): boolean => ((symbol?.flags ?? 0) & ts.SymbolFlags.Value) !== 0;

const filesOf = ({ declarations }: ts.Symbol): string[] =>
  (declarations ?? []).map((each) => each.getSourceFile().fileName);

function aliased(symbol: ts.Symbol, checker: ts.TypeChecker): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

/** All source files except barrels, ordered by the number of folders that they share with `file`. */
function nearestFirst(files: readonly string[], file: string): readonly string[] {
  const folders = file.split('/');
  const shared = (other: string): number => {
    const differs = other.split('/').findIndex((folder, i) => folder !== folders[i]);
    return differs < 0 ? folders.length : differs;
  };
  return files
    .filter((other) => /^(lib|operators)\//.test(other) && !other.endsWith('/index.ts'))
    .sort((a, b) => shared(b) - shared(a));
}

function towards(from: string, to: string): string {
  const path = relative(dirname(from), to).replace(/\.ts$/, '.js');
  return path.startsWith('.') ? path : `./${path}`;
}
