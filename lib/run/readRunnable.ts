import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { type Path, pathText } from '../codec/report/path.js';
import { isMap } from '../codec/struct.js';
import { type LoadDeps, type LoadedConfig, loadConfig, loadValue } from '../config/loadConfig.js';
import { ElpisError } from '../core/errors.js';
import { type MadeInCode, madeInCode } from '../plugin/configured.js';
import type { Registry } from '../plugin/registry.js';
import { isUserMap } from '../plugin/userValue.js';
import type { RunnableConfig } from './runConfig.js';

function refuse(path: Path, what: string): never {
  throw new ElpisError('ELPIS_CONFIG', `${pathText(path)} cannot be sent to other threads: it is ${what}`, {
    hint: 'pass the path of the config file instead, so that every thread makes its own; or run in one thread',
  });
}

const isObject = (value: unknown): boolean =>
  typeof value === 'function' || (typeof value === 'object' && value !== null);

/** Refuses a component that other threads could not make in the same way. */
function ensureSendable({ component, given }: MadeInCode, path: Path, registry: Registry): void {
  if (Object.keys(given).length > 0) refuse(path, 'made with dependencies of its own');
  if (registry.find(component.kind, component.name) !== component) refuse(path, 'a component of your own');
}

/**
 * A config in code as plain data that means the same, for other threads: components become their names and options as
 * written.
 *
 * @throws ElpisError `ELPIS_CONFIG` for a value of the user's own, which exists in this thread only.
 */
function sendableConfig(config: unknown, registry: Registry): unknown {
  const plain = (value: unknown, path: Path): unknown => {
    const made = madeInCode(value);
    if (made !== undefined) {
      ensureSendable(made, path, registry);
      return { type: made.name, ...(plain(made.written, path) as object) };
    }
    if (Array.isArray(value)) return value.map((item: unknown, i) => plain(item, [...path, i]));
    if (value instanceof URL) return value.href;
    if (value instanceof RegExp) return value.source;
    if (isMap(value) && !isUserMap(value))
      return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, plain(child, [...path, key])]));
    return isObject(value) ? refuse(path, 'a value of your own') : value;
  };
  // Observers watch from this thread.
  const { observers: _here, ...shared } = isMap(config) ? config : {};
  return plain(isMap(config) && madeInCode(config) === undefined ? shared : config, []);
}

/** A config that was read and checked, and where other threads read it again. */
export type ReadRunnable = LoadedConfig & Pick<RunnableConfig, 'origin'>;

function fromLocation(location: string | undefined, deps: LoadDeps): TE.TaskEither<ElpisError, ReadRunnable> {
  const load = (stdinText: string | undefined): TE.TaskEither<ElpisError, ReadRunnable> =>
    pipe(
      // Read once and kept: threads read it again.
      loadConfig(location, { ...deps, stdin: Readable.from(stdinText === undefined ? [] : [stdinText]) }),
      TE.map((loaded) => ({ ...loaded, origin: () => ({ location, stdinText, overrides: deps.overrides }) })),
    );
  if (location !== '-') return load(undefined);
  return pipe(
    TE.fromTask<string, ElpisError>(() => text(Readable.from(deps.stdin))),
    TE.chain(load),
  );
}

/**
 * Reads and checks a config: a location as `loadConfig` takes it, a URL (`file:` too), or a value made by `defineConfig` or
 * plain data.
 */
export function readRunnable(source: unknown, deps: LoadDeps): TE.TaskEither<ElpisError, ReadRunnable> {
  if (source instanceof URL)
    return fromLocation(source.protocol === 'file:' ? fileURLToPath(source) : source.href, deps);
  if (source === undefined || typeof source === 'string') return fromLocation(source, deps);
  return pipe(
    loadValue(source, deps),
    TE.map((loaded) => ({ ...loaded, origin: () => ({ value: sendableConfig(source, deps.registry) }) })),
  );
}
