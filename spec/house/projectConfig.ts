import ts from 'typescript';

/** The project's tsconfig.json, read. `root` ends with a slash. */
export function projectConfig(root: string): ts.ParsedCommandLine {
  const { config, error } = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile);
  if (error !== undefined) throw new Error(ts.flattenDiagnosticMessageText(error.messageText, '\n'));
  return ts.parseJsonConfigFileContent(config, ts.sys, root.replace(/\/$/, ''));
}
