import { join } from 'node:path';
import { chain, type Either, isLeft, left, right } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as T from 'fp-ts/lib/Task.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { listOf } from '../../codec/collections.js';
import { nonEmpty, text } from '../../codec/scalars.js';
import { foldKey, isMap } from '../../codec/struct.js';
import { ElpisError, isElpisError } from '../../core/errors.js';
import type { AnyComponent } from '../../plugin/anyComponent.js';
import type { Exports } from '../../plugin/moduleCodec.js';
import type { AnyOperator, UsedModule, UsedModules } from '../../plugin/operatorCodec.js';
import { PLUGIN_EXAMPLES } from '../../plugin/pluginCodec.js';
import type { Registry } from '../../plugin/registry.js';
import { importModule, moduleFault } from './importModule.js';

const isPoint = (at: unknown): boolean => at === 'ticks' || at === 'shots' || at === 'samples';

function isComponent(value: unknown): value is AnyComponent {
  if (typeof value !== 'function') return false;
  const { kind, name, options, create, at } = value as Partial<Record<keyof AnyComponent, unknown>>;
  if (kind === 'operator' && !isPoint(at)) return false;
  const named = typeof name === 'string' && name !== '' && typeof kind === 'string';
  return named && Object.hasOwn(PLUGIN_EXAMPLES, kind) && typeof options === 'function' && typeof create === 'function';
}

/** The components among the exports of a module: by themselves or in lists, each once. */
function componentsIn(exports: Readonly<Record<string, unknown>>): readonly AnyComponent[] {
  const candidates: unknown[] = Object.values(exports).flat();
  return [...new Set(candidates.filter(isComponent))];
}

/** What a module may export besides components. */
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
      hint: 'export what component(...) returns, a list of such, or a function register(registry)',
    });
  }
  for (const component of components) registry.register(component);
  await register?.(registry);
}

/**
 * Adds the components of user modules to a copy of a registry. A module exports, by name or by default, components made by
 * `component` or `defineOperator`, lists of them, or a function `register(registry)`.
 *
 * @param baseDir Where relative paths and packages are looked for: the folder of the config.
 */
export function loadUserModules(
  specifiers: readonly string[],
  registry: Registry,
  baseDir: string,
): TE.TaskEither<ElpisError, Registry> {
  const extended = registry.clone();
  const load = (specifier: string): TE.TaskEither<ElpisError, void> => {
    const file = specifier.startsWith('.') ? join(baseDir, specifier) : specifier;
    return pipe(
      importModule(specifier, baseDir, 'ELPIS_PLUGIN'),
      TE.chain((exports) =>
        TE.tryCatch(
          () => addAll(exports, extended),
          (error) => moduleFault('ELPIS_PLUGIN', file, error, isElpisError(error) ? error.hint : undefined),
        ),
      ),
    );
  };
  return pipe(
    specifiers,
    TE.traverseSeqArray(load),
    TE.map(() => extended),
  );
}

const isOperator = (component: { readonly kind: string }): component is AnyOperator => component.kind === 'operator';

/** The operator that a module exports: its default, or the only one. */
function operatorIn(exports: Exports): Either<string, AnyOperator> {
  const [byDefault] = componentsIn({ default: exports.default }).filter(isOperator);
  if (byDefault !== undefined) return right(byDefault);
  const [only, second] = componentsIn(exports).filter(isOperator);
  if (only === undefined) return left('it exports none: export default defineOperator(...)');
  if (second === undefined) return right(only);
  return left(`it exports several (${only.name}, ${second.name}): make the one that is meant its default export`);
}

/**
 * Loads the modules that operators and ammo of a config name by `use`. One that cannot be loaded or does not export what is
 * needed does not stop here: it becomes a issue of the config, at its place, beside all others.
 *
 * @param baseDir Where relative paths and packages are looked for: the folder of the config.
 */
export function loadUsedModules(specifiers: readonly string[], baseDir: string): T.Task<UsedModules> {
  const load = (specifier: string): T.Task<readonly [string, UsedModule]> =>
    pipe(
      importModule(specifier, baseDir, 'ELPIS_PLUGIN'),
      TE.mapLeft(({ message, hint }) => (hint === undefined ? message : `${message}; ${hint}`)),
      T.map((exports) => [specifier, { exports, operator: chain(operatorIn)(exports) }] as const),
    );
  return pipe(
    [...new Set(specifiers)],
    T.traverseSeqArray(load),
    T.map((modules) => new Map(modules)),
  );
}

/** The user's modules that a config names; what is wrong with that list is found when all is decoded. */
export function pluginsIn(value: unknown): readonly string[] {
  const key = isMap(value) ? Object.keys(value).find((candidate) => foldKey(candidate) === 'plugins') : undefined;
  const decoded = listOf(text).decode(key === undefined ? [] : (value as Record<string, unknown>)[key]);
  return isLeft(decoded) ? [] : decoded.right;
}

/** The values of a key of a map, spelled in any way. */
function under(value: unknown, key: string): readonly unknown[] {
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([written, inner]) => (foldKey(written) === key ? [inner] : []));
}

const items = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The modules that a map names by `use`; what is wrong with the key is found when all is decoded. */
function specifiersIn(map: unknown): readonly string[] {
  return under(map, 'use').flatMap((specifier) => {
    const decoded = nonEmpty.decode(specifier);
    return isLeft(decoded) ? [] : [decoded.right];
  });
}

/** The maps of a value, at any depth: ammo may hold other ammo, such as a mix. */
function mapsIn(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap(mapsIn);
  return isMap(value) ? [value, ...Object.values(value).flatMap(mapsIn)] : [];
}

/** The modules that operators and ammo of a config's pools name by `use`. */
export function usedIn(config: unknown): readonly string[] {
  const pools = under(config, 'pools').flatMap(items);
  const operators = pools
    .flatMap((pool) => under(pool, 'operators'))
    .flatMap((points) => ['ticks', 'shots', 'samples'].flatMap((point) => under(points, point)))
    .flatMap(items);
  const ammo = pools.flatMap((pool) => under(pool, 'ammo')).flatMap(mapsIn);
  return [...operators, ...ammo].flatMap(specifiersIn);
}
