import { resolve } from 'node:path';
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as T from 'fp-ts/lib/Task.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { CodecIssue } from '../codec/issue.js';
import { ConfigError, drawIssues } from '../codec/report/configError.js';
import { issuesOf } from '../codec/report/issues.js';
import { pathOf, pathText } from '../codec/report/path.js';
import { isMap } from '../codec/struct.js';
import { isTypeKey } from '../codec/text/substitute.js';
import { withContext } from '../core/errorContext.js';
import type { ElpisError } from '../core/errors.js';
import type { AnyComponent } from '../plugin/anyComponent.js';
import { madeInCode } from '../plugin/configured.js';
import type { Registry } from '../plugin/registry.js';
import { ammoIssues } from './ammoIssues.js';
import type { Config } from './config.js';
import { decodeConfig } from './decodeConfig.js';
import { type Document, type DocumentOptions, readDocument } from './document.js';
import { fileIssues, type UsedFile } from './fileIssues.js';
import { type LoadedModules, loadUserModules, modulesOf } from './modules/userModules.js';
import { rescaled } from './overrides.js';
import { isRemote } from './read/readLocation.js';

/** The names that are written under `type` in a value, at any depth, and the components that were made in code. */
function namedIn(value: unknown, names: Set<unknown>, made: Set<AnyComponent>): void {
  const inCode = madeInCode(value);
  if (inCode !== undefined) {
    made.add(inCode.component);
    namedIn(inCode.written, names, made);
  } else if (Array.isArray(value)) for (const item of value) namedIn(item, names, made);
  else if (isMap(value)) {
    for (const [key, inner] of Object.entries(value)) {
      if (isTypeKey(key)) names.add(inner);
      else namedIn(inner, names, made);
    }
  }
}

/** Loads the code of the components that a config names, of those that are loaded only when they are needed. */
function loadComponents(value: unknown, registry: Registry): TE.TaskEither<ElpisError, void> {
  const names = new Set<unknown>();
  const made = new Set<AnyComponent>();
  namedIn(value, names, made);
  const named = registry.all().filter(({ name }) => names.has(name));
  return TE.tryCatch(
    async () => {
      await Promise.all([...named, ...made].map(({ load }) => load?.()));
    },
    (error) => withContext(error, {}, { code: 'ELPIS_INTERNAL', what: 'the code of a component cannot be loaded' }),
  );
}

/** Options of {@link checkDocument}. */
export interface CheckOptions {
  /** The components that exist; those of the user's modules are added to a copy. */
  readonly registry: Registry;
  /**
   * Lets a config that came from an http(s) address load modules of this machine. Default false. Configs from files,
   * standard input and code can always load modules.
   */
  readonly allowPlugins?: boolean;
  /** True: a config that loads a module is refused, wherever it comes from. Default false. */
  readonly noModules?: boolean;
  /** False when no result is written; then its files are not checked. Default true. */
  readonly writeResults?: boolean;
  /** Files that are written besides those of the config, by their name in messages, such as `--summary-json`. Default: none. */
  readonly outputs?: Readonly<Record<string, string>>;
}

const pathsOf = (issues: readonly CodecIssue[]): ReadonlySet<string> =>
  new Set(issues.map(({ context }) => pathText(pathOf(context))));

/** An unknown name may belong to a component of a module that cannot be loaded. */
function withModuleHint(issue: CodecIssue, modules: readonly CodecIssue[]): CodecIssue {
  if (issue.code !== 'unknown-plugin-type' || modules.length === 0 || issue.hint !== undefined) return issue;
  return { ...issue, hint: 'a module under plugins that cannot be loaded may have it' };
}

/** The files that no key of the config names: those of the command line, and the config itself. */
function filesBeside({ source, name, cwd = '.' }: Document, outputs: Readonly<Record<string, string>>): UsedFile[] {
  const written = Object.entries(outputs).map(([name, path]): UsedFile => ({ path, access: 'write', at: [], name }));
  const location = 'location' in source ? (source.location ?? name) : '-';
  if (location === '-' || isRemote(location)) return written;
  return [...written, { path: resolve(cwd, location), access: 'read', at: [], name: 'this config' }];
}

function decodeDocument(
  document: Document,
  { registry, used, issues: modules }: LoadedModules,
  { writeResults = true, outputs = {} }: Pick<CheckOptions, 'writeResults' | 'outputs'>,
): Either<ElpisError, Config> {
  const files: UsedFile[] = filesBeside(document, outputs);
  const onFile = (file: UsedFile): void => void files.push(file);
  const decoded = decodeConfig(document.value, registry, { document, used, onFile });
  const before = [...document.issues, ...modules];
  // A reference without a value is reported once, not again as a value of the wrong type.
  const known = pathsOf(before);
  const wrong = isLeft(decoded) ? decoded.left.filter(({ context }) => !known.has(pathText(pathOf(context)))) : [];
  const after = [...wrong, ...(writeResults ? fileIssues(files, document) : [])];
  const found = [...before, ...after.map((issue) => withModuleHint(issue, modules))];
  if (found.length === 0 && !isLeft(decoded)) return right(rescaled(decoded.right, document.overrides));
  const issues = issuesOf(found, document);
  return left(new ConfigError(drawIssues(issues, document), issues));
}

/** The same config, when the ammo that can be checked before a run has no fault. */
function withCheckedAmmo(config: Config, document: Document): TE.TaskEither<ElpisError, Config> {
  return async () => {
    const issues = issuesOf(await ammoIssues(config), document);
    return issues.length === 0 ? right(config) : left(new ConfigError(drawIssues(issues, document), issues));
  };
}

/**
 * Makes a config of a document: loads the user's modules that it names, and checks the whole document. All issues, also
 * those of modules and references, are reported at once: the error is a {@link ConfigError} whose message shows them.
 */
export function checkDocument(
  document: Document,
  { registry, allowPlugins = false, noModules = false, ...options }: CheckOptions,
): TE.TaskEither<ElpisError, Config> {
  return pipe(
    loadUserModules(modulesOf(document.value), document, { registry, allowPlugins, noModules }),
    TE.fromTask,
    TE.chainFirst(({ registry: extended }) => loadComponents(document.value, extended)),
    TE.chainEitherK((modules) => decodeDocument(document, modules, options)),
    TE.chain((config) => withCheckedAmmo(config, document)),
    TE.mapLeft((error) => document.redactor.error(error)),
  );
}

/** Options of {@link loadConfig}. */
export interface LoadDeps extends DocumentOptions, CheckOptions {}

/**
 * Reads a config and checks it: {@link readDocument}, then {@link checkDocument}.
 *
 * @param source As for {@link readDocument}: a location, a URL, or a value.
 * @example
 * const config = await loadConfig('load.yaml', { registry: builtins(), env: process.env, stdin: process.stdin })();
 */
export function loadConfig(source: unknown, deps: LoadDeps): TE.TaskEither<ElpisError, Config> {
  return pipe(
    readDocument(source, deps),
    TE.chain((document) => checkDocument(document, deps)),
  );
}

/**
 * The components of a config: the given ones and those of the modules under `plugins`. The rest of the config is not
 * checked.
 */
export function loadRegistry(source: unknown, deps: LoadDeps): TE.TaskEither<ElpisError, Registry> {
  const { registry, allowPlugins = false } = deps;
  return pipe(
    readDocument(source, deps),
    TE.chain((document) =>
      pipe(
        loadUserModules({ ...modulesOf(document.value), used: [] }, document, { registry, allowPlugins }),
        T.map((modules): Either<ElpisError, Registry> => {
          if (modules.issues.length === 0) return right(modules.registry);
          const issues = issuesOf(modules.issues, document);
          return left(new ConfigError(drawIssues(issues, document), issues));
        }),
      ),
    ),
  );
}
