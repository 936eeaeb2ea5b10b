import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';

/** Relative specifiers in `import ... from './x'`, `export ... from './x'`, `import './x'`, `import('./x')` and `require('./x')`. */
const RELATIVE = /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)(['"])(\.\.?\/[^'"\n]+)\1/g;

const EXTENSIONS = ['', '.ts', '.mts', '.cts', '.js', '.mjs', '.cjs', '.json'];

/** A file that a module names may be written as the JavaScript that TypeScript makes of it. */
const AS_SOURCE: Readonly<Record<string, string>> = { '.js': '.ts', '.mjs': '.mts', '.cjs': '.cts' };

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true;

/** The file that a relative specifier of a module means; undefined when there is none. */
function fileOf(specifier: string, folder: string): string | undefined {
  const path = resolve(folder, specifier);
  const extension = extname(path);
  const source = AS_SOURCE[extension];
  const candidates = [
    ...EXTENSIONS.map((each) => path + each),
    ...(source === undefined ? [] : [path.slice(0, -extension.length) + source]),
    ...EXTENSIONS.slice(1).map((each) => join(path, `index${each}`)),
  ];
  return candidates.find(isFile);
}

/**
 * The files of modules: the named ones, and all that they import by relative specifiers. Packages are not among them: they
 * must be installed where the modules run.
 *
 * @param named Absolute paths of modules, with or without extension.
 */
export function moduleFiles(named: readonly string[]): readonly string[] {
  const found = new Set<string>();
  const visit = (path: string): void => {
    if (found.has(path)) return;
    found.add(path);
    if (extname(path) === '.json') return;
    for (const [, , specifier = ''] of readFileSync(path, 'utf8').matchAll(RELATIVE)) {
      const imported = fileOf(specifier, dirname(path));
      if (imported !== undefined) visit(imported);
    }
  };
  for (const path of named) {
    const file = existsSync(path) && isFile(path) ? path : fileOf(path, '/');
    if (file !== undefined) visit(file);
  }
  return [...found];
}
