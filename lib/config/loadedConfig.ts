import type { Registry } from '../plugin/registry.js';
import type { UsedModules } from '../plugin-config/usedModules.js';
import type { Config } from './config.js';

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
  /** The modules that its operators name by `use`. */
  readonly used: UsedModules;
  /** What was read: a path, a URL, or `stdin`. */
  readonly name: string;
}
