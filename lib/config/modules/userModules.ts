import { join } from 'node:path';
import { chain, type Either, left, match, right } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { separate } from 'fp-ts/lib/ReadonlyArray.js';
import * as T from 'fp-ts/lib/Task.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { type CodecIssue, codecIssue } from '../../codec/issue.js';
import { contextOf, type Path } from '../../codec/report/path.js';
import { nonEmpty } from '../../codec/scalars.js';
import { foldKey, isMap } from '../../codec/struct.js';
import { ElpisError, isElpisError } from '../../core/errors.js';
import type { AnyComponent } from '../../plugin/anyComponent.js';
import type { Exports } from '../../plugin/moduleCodec.js';
import type { AnyOperator, UsedModule, UsedModules } from '../../plugin/operatorCodec.js';
import { PLUGIN_EXAMPLES } from '../../plugin/pluginCodec.js';
import type { Registry } from '../../plugin/registry.js';
import type { Document } from '../document.js';
import { importModule, moduleFault } from './importModule.js';

const isPoint = (at: unknown): boolean => at === 'ticks' || at === 'shots' || at === 'samples';

function isComponent(value: unknown): value is AnyComponent {
  if (typeof value !== 'function') return false;
  const { kind, name, options, create, at } = value as Partial<Record<keyof AnyComponent, unknown>>;
  if (kind === 'operator' && !isPoint(at)) return false;
  const named = typeof name === 'string' && name !== '' && typeof kind === 'string';
  return named && Object.hasOwn(PLUGIN_EXAMPLES, kind) && typeof options === 'function' && typeof create === 'function';
}

/** The components among the exports of a module, single or in lists, each once. */
function componentsIn(exports: Readonly<Record<string, unknown>>): readonly AnyComponent[] {
  const candidates: unknown[] = Object.values(exports).flat();
  return [...new Set(candidates.filter(isComponent))];
}

/** A function that a module may export instead of components. */
type Register = (registry: Registry) => unknown;

function registerIn(exports: Exports): Register | undefined {
  const named = exports.register ?? exports.default;
  return typeof named === 'function' && !isComponent(named) ? (named as Register) : undefined;
}

async function addAll(exports: Exports, registry: Registry): Promise<void> {
  const components = componentsIn(exports);
  const register = registerIn(exports);
  if (components.length === 0 && register === undefined) {
    throw new ElpisError('ELPIS_PLUGIN', 'it exports no component', {
      hint: 'export the result of component(...), a list of them, or a function register(registry)',
    });
  }
  for (const component of components) registry.register(component);
  await register?.(registry);
}

const isOperator = (component: { readonly kind: string }): component is AnyOperator => component.kind === 'operator';

/** The operator that a module exports: its default, or the only one. */
function operatorIn(exports: Exports): Either<string, AnyOperator> {
  const [byDefault] = componentsIn({ default: exports.default }).filter(isOperator);
  if (byDefault !== undefined) return right(byDefault);
  const [only, second] = componentsIn(exports).filter(isOperator);
  if (only === undefined) return left('it exports no operator: export default defineOperator(...)');
  if (second === undefined) return right(only);
  return left(`it exports several operators (${only.name}, ${second.name}): export the intended one by default`);
}

/** A module that a config names, and its path in the config. */
interface NamedModule {
  readonly specifier: string;
  readonly path: Path;
}

/** The modules that a config names. */
export interface NamedModules {
  /** Under `plugins`. */
  readonly plugins: readonly NamedModule[];
  /** By `use`, in operators and ammo. */
  readonly used: readonly NamedModule[];
}

/** The values of a key of a map, spelled in any way, and their paths. */
function under(value: unknown, key: string, path: Path): readonly (readonly [value: unknown, path: Path])[] {
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([written, inner]) =>
    foldKey(written) === key ? [[inner, [...path, written]] as const] : [],
  );
}

/** The items of a list, and their paths. */
function items(value: unknown, path: Path): readonly (readonly [value: unknown, path: Path])[] {
  return Array.isArray(value) ? value.map((item: unknown, i) => [item, [...path, i]] as const) : [];
}

/** A value that is text. The decoder reports any other value. */
function named(value: unknown, path: Path): readonly NamedModule[] {
  return pipe(
    nonEmpty.decode(value),
    match(
      () => [],
      (specifier) => [{ specifier, path }],
    ),
  );
}

/** The maps of a value, at any depth: ammo may hold other ammo, such as a mix. */
function mapsIn(value: unknown, path: Path): readonly (readonly [value: unknown, path: Path])[] {
  if (Array.isArray(value)) return value.flatMap((item: unknown, i) => mapsIn(item, [...path, i]));
  if (!isMap(value)) return [];
  return [[value, path], ...Object.entries(value).flatMap(([key, inner]) => mapsIn(inner, [...path, key]))];
}

/** The modules that a config names. */
export function modulesOf(config: unknown): NamedModules {
  const pools = under(config, 'pools', []).flatMap((found) => items(...found));
  const operators = pools
    .flatMap((pool) => under(pool[0], 'operators', pool[1]))
    .flatMap((points) => ['ticks', 'shots', 'samples'].flatMap((point) => under(points[0], point, points[1])))
    .flatMap((found) => items(...found));
  const ammo = pools.flatMap((pool) => under(pool[0], 'ammo', pool[1])).flatMap((found) => mapsIn(...found));
  return {
    plugins: under(config, 'plugins', [])
      .flatMap((found) => items(...found))
      .flatMap((found) => named(...found)),
    used: [...operators, ...ammo].flatMap(([map, path]) => under(map, 'use', path)).flatMap((found) => named(...found)),
  };
}

/** The modules of a config, loaded as far as that is possible. */
export interface LoadedModules {
  /** The given components and those of modules under `plugins`. */
  readonly registry: Registry;
  /** The modules that it names by `use`. One that cannot be loaded is an issue when its place is decoded. */
  readonly used: UsedModules;
  /** The issues of modules under `plugins`. */
  readonly issues: readonly CodecIssue[];
}

/** The folder in which modules are searched, and whether they may be loaded. */
export type ModuleHome = Pick<Document, 'baseDir' | 'remote'>;

/** Options of {@link loadUserModules}. */
export interface ModuleOptions {
  readonly registry: Registry;
  /** A config from another machine may load modules of this one. */
  readonly allowPlugins: boolean;
  /** No config may load modules. Default false. */
  readonly noModules?: boolean;
}

const ADDRESS = /^(?!file:|[a-z]:[\\/])[a-z][a-z\d+.-]*:/i;

/**
 * Why a module must not be loaded; undefined when it may be. Code is never loaded from an address, and a config from
 * another machine loads no module by default.
 */
function forbidden(
  specifier: string,
  { remote }: ModuleHome,
  { allowPlugins, noModules = false }: Pick<ModuleOptions, 'allowPlugins' | 'noModules'>,
): ElpisError | undefined {
  if (noModules) {
    return new ElpisError('ELPIS_PLUGIN', 'this worker does not allow modules', {
      hint: 'start the worker with --allow modules',
    });
  }
  if (ADDRESS.test(specifier)) {
    return new ElpisError('ELPIS_PLUGIN', 'code is never loaded from an address', {
      hint: 'save the module as a file and write its path',
    });
  }
  if (!remote || allowPlugins) return undefined;
  return new ElpisError('ELPIS_PLUGIN', 'a config from a URL must not load modules of this machine', {
    hint: 'save the config as a file; or allow it with --allow-plugins, in code with allowPlugins: true',
  });
}

/**
 * Loads the modules of a config. Those under `plugins` export, by name or by default, components made by `component` or
 * `defineOperator`, lists of them, or a function `register(registry)`; their components are added to a copy of the
 * registry. A module that cannot be loaded, or does not export what is needed, is an issue like all others.
 */
export function loadUserModules(
  { plugins, used }: NamedModules,
  home: ModuleHome,
  { registry, allowPlugins, noModules = false }: ModuleOptions,
): T.Task<LoadedModules> {
  const extended = registry.clone();
  const load = (specifier: string): TE.TaskEither<ElpisError, Exports> => {
    const refusal = forbidden(specifier, home, { allowPlugins, noModules });
    return refusal === undefined ? importModule(specifier, home.baseDir, 'ELPIS_PLUGIN') : TE.left(refusal);
  };
  const fileOf = (specifier: string): string => (specifier.startsWith('.') ? join(home.baseDir, specifier) : specifier);
  const add = ({ specifier, path }: NamedModule): TE.TaskEither<CodecIssue, void> =>
    pipe(
      load(specifier),
      TE.chain((exports) =>
        TE.tryCatch(
          () => addAll(exports, extended),
          (error) =>
            moduleFault('ELPIS_PLUGIN', fileOf(specifier), error, isElpisError(error) ? error.hint : undefined),
        ),
      ),
      TE.mapLeft(({ message, hint }) => ({
        ...codecIssue(specifier, contextOf(path, specifier), 'bad-module', 'a module with components', hint),
        message: `${JSON.stringify(specifier)} cannot be used: ${message}`,
      })),
    );
  const use = (specifier: string): T.Task<readonly [string, UsedModule]> =>
    pipe(
      load(specifier),
      TE.mapLeft(({ message, hint }) => (hint === undefined ? message : `${message}; ${hint}`)),
      T.map((exports) => [specifier, { exports, operator: chain(operatorIn)(exports) }] as const),
    );
  return pipe(
    T.Do,
    T.bind('added', () => T.traverseSeqArray(add)(plugins)),
    T.bind('loaded', () => T.traverseSeqArray(use)([...new Set(used.map(({ specifier }) => specifier))])),
    T.map(({ added, loaded }) => ({ registry: extended, used: new Map(loaded), issues: separate(added).left })),
  );
}
