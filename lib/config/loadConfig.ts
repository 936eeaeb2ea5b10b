import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { CodecIssue } from '../codec/issue.js';
import { ConfigError, drawIssues } from '../codec/report/configError.js';
import type { ConfigDocument } from '../codec/report/document.js';
import { issuesOf } from '../codec/report/issues.js';
import { pathOf, pathText } from '../codec/report/path.js';
import type { ElpisError } from '../core/errors.js';
import type { UsedModules } from '../plugin/operatorCodec.js';
import type { Registry } from '../plugin/registry.js';
import type { Config } from './config.js';
import { decodeConfig } from './decodeConfig.js';
import { loadUsedModules, loadUserModules, pluginsIn, usedIn } from './modules/userModules.js';
import { type ReadConfig, readConfig } from './read/readConfig.js';
import { type Substitution, substitute } from './substitute.js';

/** What loading a config needs from outside. */
export interface LoadDeps {
  /** The components that exist; user modules are added to a copy. */
  readonly registry: Registry;
  /** Environment variables, for `${NAME}`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Read when the location is `-`. */
  readonly stdin: AsyncIterable<Uint8Array | string>;
  /** Working directory. Default: that of the process. */
  readonly cwd?: string;
}

/** A config that can be used. */
export interface LoadedConfig {
  readonly config: Config;
  /** The given components and those of the user's modules. */
  readonly registry: Registry;
  /** The modules that its operators and ammo name by `use`. */
  readonly used: UsedModules;
  /** What was read: a path, a URL, or `stdin`. */
  readonly name: string;
}

function check(
  document: ConfigDocument,
  substitution: Substitution,
  registry: Registry,
  used: UsedModules,
): Either<ConfigError, LoadedConfig> {
  const placed = { ...document, substituted: substitution.resolved };
  const decoded = decodeConfig(substitution.value, registry, { document: placed, used });
  // A reference without a value is reported once, not again as a value of the wrong type.
  const unresolved = new Set(substitution.issues.map(({ context }) => pathText(pathOf(context))));
  const further = isLeft(decoded)
    ? decoded.left.filter((issue) => !unresolved.has(pathText(pathOf(issue.context))))
    : [];
  const found: readonly CodecIssue[] = [...substitution.issues, ...further];
  if (found.length === 0 && !isLeft(decoded))
    return right({ config: decoded.right, registry, used, name: document.name });
  const issues = issuesOf(found, placed);
  return left(new ConfigError(drawIssues(issues, document), issues));
}

/** Replaces the references of a config that was read, loads the modules that it names, and checks it whole. */
function checkDocument(
  { document, baseDir }: ReadConfig,
  deps: Pick<LoadDeps, 'registry' | 'env' | 'cwd'>,
): TE.TaskEither<ElpisError, LoadedConfig> {
  const cwd = resolve(deps.cwd ?? '.');
  const references = { env: deps.env, readFile: (path: string) => readFileSync(resolve(cwd, path), 'utf8') };
  const substitution = substitute(document.value, references);
  return pipe(
    loadUserModules(pluginsIn(substitution.value), deps.registry, baseDir),
    TE.bindTo('registry'),
    TE.bind('used', () => TE.fromTask(loadUsedModules(usedIn(substitution.value), baseDir))),
    TE.chainEitherK(
      ({ registry, used }): Either<ElpisError, LoadedConfig> => check(document, substitution, registry, used),
    ),
  );
}

/**
 * Reads a config, replaces its `${...}` references, loads the user's modules that it names, and checks it whole. Every
 * issue is reported at once: the error is a {@link ConfigError} whose message draws them.
 *
 * @param location A file (`.yaml`, `.yml`, `.json`, `.ts`, `.js`, `.mjs`; without extension YAML), an http(s) address, `-`
 *   for standard input, or undefined for the first `load.*` in `./`, `./config` and `/etc/pandora`.
 * @example
 * const loaded = await loadConfig('load.yaml', { registry: builtins(), env: process.env, stdin: process.stdin })();
 */
export function loadConfig(location: string | undefined, deps: LoadDeps): TE.TaskEither<ElpisError, LoadedConfig> {
  return pipe(
    readConfig(location, { stdin: deps.stdin, cwd: resolve(deps.cwd ?? '.') }),
    TE.chain((read) => checkDocument(read, deps)),
  );
}

/**
 * Checks a config that is a value already, made by `defineConfig` or plain data, as `loadConfig` checks one that it has read:
 * `${...}` references in plain data are replaced, the user's modules that it names are loaded (relative ones from the
 * working directory), and every issue is reported at once, by its path.
 *
 * @example
 * const loaded = await loadValue({ pools: [] }, { registry: builtins(), env: process.env })();
 */
export function loadValue(
  value: unknown,
  deps: Pick<LoadDeps, 'registry' | 'env' | 'cwd'>,
): TaskEither<ElpisError, LoadedConfig> {
  const document = { name: 'config', value, place: () => undefined };
  return checkDocument({ document, baseDir: resolve(deps.cwd ?? '.') }, deps);
}

/** The components of a config: the given ones and those of the modules that it names. What else is in it isn't checked. */
export function loadRegistry(location: string, deps: LoadDeps): TE.TaskEither<ElpisError, Registry> {
  return pipe(
    readConfig(location, { stdin: deps.stdin, cwd: resolve(deps.cwd ?? '.') }),
    TE.chain(({ document, baseDir }) => loadUserModules(pluginsIn(document.value), deps.registry, baseDir)),
  );
}
