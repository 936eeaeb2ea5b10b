import ts from 'typescript';
import { projectConfig } from '../projectConfig.js';
import type { Example } from './example.js';
import { type ExampleModule, exampleModule } from './exampleModule.js';
import { importsOf } from './importsOf.js';

/**
 * What the compiler has to say about examples, each compiled as a module of its own, as `file:line: message`.
 *
 * `root` ends with a slash; the files of the examples are relative to it.
 */
export function problemsOfExamples(examples: readonly Example[], root: string): readonly string[] {
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
  const modules = new Map(
    examples.map((_, at) => {
      const made = exampleModule(partsOf(examples, at), importOf);
      files.set(`${root}${made.path}`, parsed(root, made, strict));
      return [`${root}${made.path}`, made] as const;
    }),
  );
  const program = ts.createProgram([...modules.keys()], strict, host, sources);
  const problems = [...modules].flatMap(([name, made]) => {
    const file = program.getSourceFile(name);
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
      (diagnostic) =>
        `${placeIn(made, diagnostic)}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n  ')}`,
    );
  });
  return [...new Set(problems)];
}

/** The example and those before it, as far as they are continued. */
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
