import { readFileSync } from 'node:fs';
import { createRequire, SourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Jiti } from 'jiti';
import { withContext } from '../core/errorContext.js';
import { type ElpisError, isElpisError } from '../core/errors.js';

const require = createRequire(import.meta.url);

/** The folders of Elpis's own code: frames in them are not the user's. */
const OWN = ['../', '../../operators/'].map((folder) => fileURLToPath(new URL(folder, import.meta.url)));
/** Libraries whose frames can stand between the user's code and Elpis. */
const LIBRARIES = /\/node_modules\/(rxjs|ix|io-ts|fp-ts|jiti|tsx)\//;

/** What jiti puts in front of the first line of a module that it has transpiled. */
const WRAPPER = '(async function (exports, require, module, __filename, __dirname, jitiImport, jitiESMResolve) { ';

interface Frame {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

function framesOf({ stack = '', name, message }: Error): Frame[] {
  const head = `${name}: ${message}`;
  const lines = (stack.startsWith(head) ? stack.slice(head.length) : stack).split('\n');
  return lines.flatMap((text) => {
    const [, at, line, column] = /^\s+at (?:async )?(?:.*? \()?(.+?):(\d+):(\d+)\)?$/.exec(text) ?? [];
    if (at === undefined || !/^(file:|\/|[A-Za-z]:[\\/])/.test(at)) return [];
    return [{ file: at.startsWith('file:') ? fileURLToPath(at) : at, line: Number(line), column: Number(column) }];
  });
}

/** The jiti by which a file was loaded; undefined when something else has loaded it. */
function loaderOf(file: string): Jiti | undefined {
  const loader = require.cache[file]?.require as Partial<Jiti> | undefined;
  return typeof loader?.transform === 'function' ? (loader as Jiti) : undefined;
}

/** Maps a place in text that jiti has transpiled to the place in its source. */
function inSource({ file, line, column }: Frame): Frame {
  try {
    const { createJiti } = require('jiti') as typeof import('jiti');
    const code = createJiti(file, { fsCache: false, interopDefault: false, sourceMaps: true }).transform({
      source: readFileSync(file, 'utf8'),
      filename: file,
      ts: /\.[cm]?tsx?$/.test(file),
      async: true,
    });
    const [, encoded = ''] = /\n\/\/# sourceMappingURL=data:application\/json;[^,]*,(\S+)/.exec(code) ?? [];
    const map = new SourceMap(JSON.parse(Buffer.from(encoded, 'base64').toString()));
    const before = line === 1 ? WRAPPER.length : 0;
    const found = map.findEntry(line - 1, column - 1 - before);
    if (!('originalLine' in found)) return { file, line, column };
    return { file, line: found.originalLine + 1, column: found.originalColumn + 1 };
  } catch {
    // Without the source, for example of a deleted file, the transpiled place is the best that is known.
    return { file, line, column };
  }
}

/** What was thrown first: the innermost cause. */
function innermost(error: unknown): unknown {
  if (error instanceof AggregateError && error.errors.length > 0) return innermost(error.errors[0]);
  return error instanceof Error && error.cause instanceof Error ? innermost(error.cause) : error;
}

/**
 * The first frame that belongs neither to Node nor to a library, unless a frame of Elpis's own code stands before it.
 */
function failingFrame(error: Error): Frame | undefined {
  const first = framesOf(error).find(({ file }) => loaderOf(file) !== undefined || !LIBRARIES.test(file));
  if (first === undefined) return undefined;
  const own = loaderOf(first.file) === undefined && OWN.some((folder) => first.file.startsWith(folder));
  return own ? undefined : first;
}

/** True for an error that Elpis's own code has thrown without a code: a defect of Elpis. */
export function isOwnDefect(error: unknown): boolean {
  const thrown = innermost(error);
  if (!(thrown instanceof Error) || isElpisError(thrown)) return false;
  const first = framesOf(thrown).find(({ file }) => !LIBRARIES.test(file));
  return (
    first !== undefined && loaderOf(first.file) === undefined && OWN.some((folder) => first.file.startsWith(folder))
  );
}

/**
 * Where in the user's own code an error was thrown, as `file:line:column` of the source; undefined when that is not
 * known, or when Elpis's own code has thrown it. A place in a module that Elpis has transpiled is looked up in its
 * source map. The source map is made only then, so loading a module costs nothing extra.
 */
export function userPlace(error: unknown): string | undefined {
  const thrown = innermost(error);
  if (!(thrown instanceof Error) || isElpisError(thrown)) return undefined;
  const frame = failingFrame(thrown);
  if (frame === undefined) return undefined;
  const { file, line, column } = loaderOf(frame.file) === undefined ? frame : inSource(frame);
  return `${file}:${line}:${column}`;
}

/**
 * Any error as an {@link ElpisError} with its place. One without a code is `ELPIS_PLUGIN` when the user's code has thrown it, else
 * `ELPIS_INTERNAL`.
 */
export function located(error: unknown): ElpisError {
  const place = userPlace(error);
  return withContext(
    error,
    { place },
    place === undefined ? undefined : { code: 'ELPIS_PLUGIN', what: 'a module failed' },
  );
}
