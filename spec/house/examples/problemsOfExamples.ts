import ts from 'typescript';
import { projectConfig } from '../projectConfig.js';
import type { Example } from './example.js';
import { type ExampleModule, exampleModule } from './exampleModule.js';
import { importsOf } from './importsOf.js';

/**
 * The errors of the compiler in each example, which is compiled as a separate module, as `file:line: message`.
 *
 * `root` ends with a slash; the files of the examples are relative to it.
 */
export function problemsOfExamples(examples: readonly Example[], root: string): readonly (readonly string[])[] {
  const { options, fileNames } = projectConfig(root);
  const strict: ts.CompilerOptions = { ...options, allowUnusedLabels: false };
  const host = ts.createCompilerHost(strict, true);
  const files = new Map<string, ts.SourceFile | undefined>();
  const { getSourceFile } = host;
  host.getSourceFile = (name, version, ...rest) => {
    if (!files.has(name)) files.set(name, getSourceFile.call(host, name, version, ...rest));
    return files.get(name);
  };
  const inside = fileNames.filter((file) => /^(lib|operators|spec\/house\/examples)\//.test(file.slice(root.length)));
  const sources = ts.createProgram(inside, strict, host);
  const importOf = importsOf(sources, root);
  const modules = examples.map((_, at) => exampleModule(partsOf(examples, at), importOf, at));
  for (const made of modules) files.set(`${root}${made.path}`, parsed(root, made, strict));
  const paths = modules.map(({ path }) => `${root}${path}`);
  const program = ts.createProgram(paths, strict, host, sources);
  return modules.map((made, i) => {
    const file = program.getSourceFile(paths[i] ?? '');
    const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    return [...new Set(found.map((each) => `${placeIn(made, each)}: ${textOf(each)}`))];
  });
}

const textOf = ({ messageText }: ts.Diagnostic): string => ts.flattenDiagnosticMessageText(messageText, '\n  ');

/** The example and the examples that it continues. */
function partsOf(examples: readonly Example[], at: number): readonly Example[] {
  let from = at;
  while (from > 0 && examples[from]?.continues && examples[from - 1]?.file === examples[at]?.file) from--;
  return examples.slice(from, at + 1);
}

function parsed(root: string, { path, text }: ExampleModule, options: ts.CompilerOptions): ts.SourceFile {
  const format = {
    languageVersion: options.target ?? ts.ScriptTarget.ES2023,
    impliedNodeFormat: ts.ModuleKind.ESNext,
  } as const;
  return ts.createSourceFile(`${root}${path}`, text, format, true);
}

function placeIn({ placeOf }: ExampleModule, { file, start = 0 }: ts.Diagnostic): string {
  return placeOf(file?.getLineAndCharacterOfPosition(start).line ?? 0);
}
