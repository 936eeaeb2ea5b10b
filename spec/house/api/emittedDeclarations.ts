import ts from 'typescript';

/** The parsed declaration file of a source file of a program; `undefined` for other files. */
export type Declarations = (file: string) => ts.SourceFile | undefined;

/** The declaration files of a program, made on first use. The options of the program must include declarations. */
export function emittedDeclarations(program: ts.Program): Declarations {
  const made = new Map<string, ts.SourceFile | undefined>();
  return (file) => {
    if (!made.has(file)) made.set(file, emitted(program, file));
    return made.get(file);
  };
}

function emitted(program: ts.Program, file: string): ts.SourceFile | undefined {
  const source = program.getSourceFile(file);
  if (source === undefined || source.isDeclarationFile) return undefined;
  let text = '';
  program.emit(
    source,
    (_, written) => {
      text = written;
    },
    undefined,
    true,
  );
  return ts.createSourceFile(file.replace(/\.ts$/, '.d.ts'), text, ts.ScriptTarget.Latest, true);
}
