import type { LogLevel } from '../config.js';
import type { PoolOptions } from './poolOptions.js';

/** A config in code: the keys of YAML. */
export interface ConfigOptions {
  /** What is run, side by side. */
  readonly pools: readonly PoolOptions[];
  /** The log of the run: how much, and where (`stdout`, `stderr` or a path). For the command line. */
  readonly log?: { readonly level?: LogLevel; readonly file?: string };
  /** How many threads share the run; `auto` is one per processor. Default 1. */
  readonly threads?: number | 'auto';
  /** Counters over HTTP while the run lasts. */
  readonly monitoring?: { readonly expvar?: { readonly enabled?: boolean; readonly port?: number } };
  /** Modules with components of your own, to be selected by `type`. */
  readonly plugins?: readonly string[];
}
