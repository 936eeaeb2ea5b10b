import type { PoolConfig } from './poolConfig.js';

/** How much is logged, as Pandora names it; `dpanic`, `panic` and `fatal` are the same as `error`, but rarer. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'dpanic' | 'panic' | 'fatal';

/** A whole configuration: checked, with its defaults, its components chosen and not yet made. */
export interface Config {
  readonly pools: readonly PoolConfig[];
  readonly log: {
    readonly level: LogLevel;
    /** `stdout`, `stderr` or a path, which is appended to. */
    readonly file: string;
  };
  readonly monitoring: {
    readonly expvar: { readonly enabled: boolean; readonly port: number };
    readonly cpuprofile: { readonly enabled: boolean; readonly file: string };
    readonly memprofile: { readonly enabled: boolean; readonly file: string };
  };
  /** How many threads share the run. */
  readonly threads: number;
  /** Modules with components of the user's own, as written. */
  readonly plugins: readonly string[];
  /** What is allowed but probably not meant, one sentence each, with its place. */
  readonly warnings: readonly string[];
}
