import { isLeft } from 'fp-ts/lib/Either.js';
import { builtins } from '../builtins/builtins.js';
import type { Deps } from '../core/deps.js';
import type { Registry } from '../plugin/registry.js';
import type { Rehearsal } from '../rehearsal/rehearsal.js';
import { rehearse } from '../rehearsal/rehearse.js';
import type { RehearseOptions } from '../rehearsal/rehearseConfig.js';
import { fakeDeps } from './fakeDeps.js';

/** Options of {@link virtualRun}. */
export interface VirtualRunOptions extends RehearseOptions {
  /** False: results are discarded. Default true: they are written where the config says. */
  readonly writeResults?: boolean;
  /** The available components. Default: the built-in ones. */
  readonly registry?: Registry;
  /** Variables for `${NAME}` in the config. Default: none. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Input, output and log. Default: no input; output and log stay in memory. */
  readonly deps?: Partial<Omit<Deps, 'scheduler' | 'random' | 'share'>>;
}

/**
 * Runs a whole config in virtual time against a model of its target, with the engine, providers, reporters and
 * summary of a real run. An hour takes seconds, and the same seed gives the same run, bit for bit.
 *
 * - Virtual time waits for files: reading ammo and writing results takes no virtual time, and no sample is dropped because of it.
 * - Rejects with the error that a real run would end with, and with a `ConfigError` for an invalid config.
 *
 * @param config A path, or a value made by `defineConfig` or plain data.
 * @example
 * const run = await virtualRun('./load.yaml', { target: logNormalLatency({ medianMs: 20, p99Ms: 80 }), seed: 7 });
 * console.log(run.summaries[0]?.total.ended, run.pools[0]?.instancesNeeded);
 */
export async function virtualRun(config: unknown, options: VirtualRunOptions): Promise<Rehearsal> {
  const { registry = builtins(), writeResults = true, env = {}, deps = {} } = options;
  const { stdin, stdout, stderr, log } = fakeDeps(deps);
  const settings = { registry, env, deps: { stdin, stdout, stderr, log } };
  const rehearsed = await rehearse(config, { ...options, ...settings, writeResults })();
  if (isLeft(rehearsed)) throw rehearsed.left;
  if (rehearsed.right.error !== undefined) throw rehearsed.right.error;
  return rehearsed.right;
}
