import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { entries } from '../../scripts/barrels.mjs';
import { docstringExamples } from '../house/examples/docstringExamples.js';
import type { Example } from '../house/examples/example.js';
import { type ExampleModule, exampleModule } from '../house/examples/exampleModule.js';
import { fencedExamples } from '../house/examples/fencedExamples.js';
import { freeNames } from '../house/examples/freeNames.js';
import { PackedProject } from './packedProject.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const GIVEN = 'spec/house/examples/given.ts';
const NODE = new Map([
  ['assert', "import assert from 'node:assert/strict';"],
  ...['describe', 'it', 'test'].map((name) => [name, `import { ${name} } from 'node:test';`] as const),
]);

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const filesIn = (folder: string, end: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(end) && !file.includes('node_modules'))
    .map((file) => `${folder}/${file}`);

/** A name that a user can import, and the source that declares it. */
interface Export {
  readonly specifier: string;
  readonly source: string;
  readonly line: string;
}
type Exports = ReadonlyMap<string, readonly Export[]>;

/** What given.ts, the entries of the installed package and RxJS export. */
function publicExports(project: PackedProject): Exports {
  const dist = project.path('node_modules/elpis/dist/');
  const sources: readonly (readonly [specifier: string, file: string])[] = [
    ['#given', project.path('given.ts')],
    ...entries.map(({ specifier, file }) => [specifier, `${dist}${file.replace(/ts$/, 'd.ts')}`] as const),
    ['rxjs', project.path('node_modules/rxjs/dist/types/index.d.ts')],
  ];
  const options = { module: ts.ModuleKind.NodeNext, strict: true, skipLibCheck: true, types: [] };
  const files = sources.map(([, file]) => file);
  const program = ts.createProgram(files, options);
  const checker = program.getTypeChecker();
  const found = new Map<string, Export[]>();
  for (const [specifier, file] of sources) {
    const module = program.getSourceFile(file);
    const symbol = module && checker.getSymbolAtLocation(module);
    assert.ok(symbol, `${file} is no module`);
    for (const exported of checker.getExportsOfModule(symbol)) {
      const { name } = exported;
      const meant = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      const line = `import { ${meant.flags & ts.SymbolFlags.Value ? '' : 'type '}${name} } from '${specifier}';`;
      const declared = meant.declarations?.[0]?.getSourceFile().fileName ?? '';
      const source = declared.startsWith(dist) ? declared.slice(dist.length).replace(/\.d\.ts$/, '.ts') : '';
      found.set(name, [...(found.get(name) ?? []), { specifier, source, line }]);
    }
  }
  return found;
}

/** Every program in the documents and in the docstrings of public symbols, as modules of the project. */
function documentedPrograms(exports: Exports): readonly ExampleModule[] {
  const publishing = ({ file, of = '' }: Example): string | undefined =>
    exports.get(of)?.find(({ source }) => source === file)?.specifier;
  /** False for the example of a public symbol that is shown with internal ones. */
  const isForUsers = (code: string): boolean =>
    freeNames(code).every((name) => exports.has(name) || NODE.has(name) || name in globalThis);
  const documents = ['README.md', ...filesIn('docs', '.md'), ...filesIn('examples', '.md')];
  const examples: readonly Example[] = [
    ...documents.flatMap((file) => fencedExamples(file, read(file).split('\n'))),
    ...['lib', 'operators']
      .flatMap((folder) => filesIn(folder, '.ts'))
      .flatMap((file) => docstringExamples(file, read(file)))
      .filter((example) => publishing(example) !== undefined && isForUsers(example.code)),
  ];
  const importOf = (name: string, example: Example): string | undefined => {
    const having = exports.get(name) ?? [];
    const home = publishing(example);
    return (having.find(({ specifier }) => specifier === home) ?? having[0])?.line ?? NODE.get(name);
  };
  return examples.map((example, at) => {
    let from = at;
    while (from > 0 && examples[from]?.continues && examples[from - 1]?.file === example.file) from--;
    return exampleModule(examples.slice(from, at + 1), importOf, at);
  });
}

describe('a fresh project that installs the package and TypeScript', { concurrency: true }, () => {
  let project: PackedProject;
  let programs: readonly ExampleModule[];
  before(() => {
    project = new PackedProject();
    project.write('package.json', '{ "type": "module", "imports": { "#given": "./given.ts" } }');
    project.write('given.ts', read(GIVEN).replace(/'[^']*\/lib\/[^']*'/, "'elpis'"));
    programs = documentedPrograms(publicExports(project));
    for (const { path, text } of programs) project.write(path, text);
  });
  after(() => project.remove());

  it('finds many programs', () => {
    assert.ok(programs.length > 100, `there are only ${programs.length}`);
  });

  const COMPILERS: readonly [version: string, folder: string][] = [
    ['5.9', 'typescript'],
    ['7', 'typescript7'],
  ];
  for (const [version, folder] of COMPILERS)
    for (const types of [[], ['node']])
      it(`TypeScript ${version}, strict, nodenext, types: ${JSON.stringify(types)}: every documented program compiles`, async () => {
        const { version: found } = JSON.parse(read(`node_modules/${folder}/package.json`)) as { version: string };
        assert.ok(found.startsWith(`${version}.`), `node_modules/${folder} is TypeScript ${found}`);
        const config = `tsconfig.${folder}.${types.length}.json`;
        const compilerOptions = { strict: true, module: 'nodenext', noEmit: true, types };
        project.write(config, JSON.stringify({ compilerOptions, files: programs.map(({ path }) => path) }));
        const { stdout } = await project.node(
          join(ROOT, 'node_modules', folder, 'bin/tsc'),
          '-p',
          config,
          '--pretty',
          'false',
        );
        const issues = stdout.replaceAll(
          /^(.*example (\d+)\.ts)\((\d+),\d+\)/gm,
          (_, _path, id: string, line: string) => String(programs[Number(id)]?.placeOf(Number(line) - 1)),
        );
        assert.equal(issues, '');
      });
});
