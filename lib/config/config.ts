import type { PoolConfig } from './poolConfig.js';

/** A configuration, checked; its components are chosen, not yet made. */
export interface Config {
  readonly pools: readonly PoolConfig[];
  readonly log: { readonly level: string; readonly file: string };
  /** Read and kept for Pandora's files; Go's profiles have no counterpart here. */
  readonly monitoring: {
    readonly expvar: { readonly enabled: boolean; readonly port: number };
  };
  /** Modules with the user's own components. */
  readonly plugins: readonly string[];
  /** What is accepted but probably not meant. */
  readonly warnings: readonly string[];
}
