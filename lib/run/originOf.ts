import { type Path, pathText } from '../codec/report/path.js';
import { isMap } from '../codec/struct.js';
import type { Config } from '../config/config.js';
import { ElpisError } from '../core/errors.js';
import { type MadeInCode, madeInCode } from '../plugin/configured.js';
import type { Registry } from '../plugin/registry.js';
import { isUserMap } from '../plugin/userValue.js';
import type { ConfigOrigin } from '../shares/protocol.js';

function refuse(path: Path, what: string): never {
  throw new ElpisError('ELPIS_CONFIG', `${pathText(path)} cannot be sent to other threads: it is ${what}`, {
    hint: 'pass the path of the config file instead, so that every thread makes its own value; or run in one thread',
  });
}

const isObject = (value: unknown): boolean =>
  typeof value === 'function' || (typeof value === 'object' && value !== null);

/** Refuses a component that other threads cannot make in the same way. */
function ensureSendable({ component, given }: MadeInCode, path: Path, registry: Registry): void {
  if (Object.keys(given).length > 0) refuse(path, 'made with dependencies of its own');
  if (registry.find(component.kind, component.name) !== component) refuse(path, 'a component of your own');
}

/**
 * A config in code as equivalent plain data, for other threads: components become their names and options as
 * written.
 *
 * @throws ElpisError `ELPIS_CONFIG` for a user's own value, which exists in this thread only.
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
  // Observers run in this thread.
  const { observers: _here, ...shared } = isMap(config) ? config : {};
  return plain(isMap(config) && madeInCode(config) === undefined ? shared : config, []);
}

/**
 * The origin from which other threads read a config again: the same location, or plain data.
 *
 * @throws ElpisError `ELPIS_CONFIG` for a user's own value, which exists in this thread only.
 */
export function originOf({
  document: { source, remote, overrides, cwd },
  registry,
  plugins,
  used,
}: Config): ConfigOrigin {
  if ('location' in source) {
    // The modules of a remote config were allowed if it has any. If it has none now, it may not name any then.
    return { ...source, overrides, cwd, allowPlugins: remote && plugins.length + used.size > 0 };
  }
  return source.asWritten === true ? source : { value: sendableConfig(source.value, registry), cwd };
}
