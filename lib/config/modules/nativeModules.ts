import { existsSync } from 'node:fs';
import Module, * as module from 'node:module';
import { fileURLToPath } from 'node:url';

/** The parts of `node:module` that are missing in the types of the oldest supported Node. */
type NodeModule = typeof module & {
  /** Since Node 22.15. */
  readonly registerHooks?: (hooks: { resolve: typeof resolved }) => void;
};
type Resolve = (specifier: string, ...more: unknown[]) => string;
type Loader = typeof Module & { _resolveFilename: Resolve; readonly _cache: Record<string, Module> };

const { registerHooks, register } = module as NodeModule;

/** The folder of the shared modules in the bundle of the command line; the sources and the library have none. */
const FOLDER = new URL('../shared/', import.meta.url);
const urls = new Map<string, string>();

function resolved<T>(specifier: string, context: T, next: (specifier: string, context: T) => object): object {
  const url = urls.get(specifier);
  return url === undefined ? next(specifier, context) : { url, format: 'module', shortCircuit: true };
}

/** The same as {@link resolved}, for the thread in which Node 20 resolves imports. */
const HOOKS = `
let urls;
export const initialize = (given) => { urls = given; };
export const resolve = (specifier, context, next) =>
  urls.has(specifier) ? { url: urls.get(specifier), format: 'module', shortCircuit: true } : next(specifier, context);`;

/**
 * Makes Node itself resolve imports to the shared modules, because Node loads modules in plain JavaScript without jiti.
 * Without the bundle there is nothing to do: Node finds the running files.
 *
 * @param modules The shared modules by their specifiers, loaded.
 */
export function shareNatively(modules: Readonly<Record<string, unknown>>): void {
  if (urls.size > 0 || !existsSync(FOLDER)) return;
  const loader = Module as Loader;
  for (const [specifier, exports] of Object.entries(modules)) {
    const url = new URL(`${specifier.replaceAll('/', '-')}.js`, FOLDER);
    urls.set(specifier, url.href);
    const file = fileURLToPath(url);
    const loaded = new Module(file);
    Object.assign(loaded, { filename: file, exports, loaded: true });
    loader._cache[file] = loaded;
  }
  if (registerHooks !== undefined) {
    registerHooks({ resolve: resolved });
    return;
  }
  register(`data:text/javascript,${encodeURIComponent(HOOKS)}`, { data: urls });
  const resolve = loader._resolveFilename;
  loader._resolveFilename = (specifier, ...more) => {
    const url = urls.get(specifier);
    return url === undefined ? resolve(specifier, ...more) : fileURLToPath(url);
  };
}
