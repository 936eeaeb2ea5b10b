import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { isLeft } from 'fp-ts/lib/Either.js';
import { builtins } from '../builtins/builtins.js';
import type { Config } from '../config/config.js';
import { loadConfig } from '../config/loadConfig.js';
import { ConfigError } from '../config/report/configError.js';
import { writesToStdout } from '../config/writesToStdout.js';
import type { Deps } from '../core/deps.js';
import type { ConfigOrigin } from '../distribution/threadMessages.js';
import type { Registry } from '../plugin/registry.js';
import { createLog, type LogConfig } from './createLog.js';
import type { Io } from './io.js';
import { printError } from './printError.js';
import { realDeps } from './realDeps.js';

/** How {@link loadRun} speaks. */
export interface LoadRunOptions {
  /** Nothing but errors. */
  readonly quiet?: boolean;
  /** What is wrong goes to stdout as JSON. */
  readonly json?: boolean;
  /** The config's log is used; otherwise warnings go to stderr. */
  readonly shooting?: boolean;
}

/** A config that was read, and what it needs to be run. */
export interface LoadedRun {
  readonly config: Config;
  readonly registry: Registry;
  readonly deps: Deps;
  /** Where threads read the config again. */
  readonly origin: ConfigOrigin;
}

/**
 * Reads and checks a config; what is wrong is printed, all at once: for people to stderr, as JSON to stdout.
 *
 * @returns undefined when it can not be used.
 */
export async function loadRun(
  location: string | undefined,
  io: Io,
  { quiet = false, json = false, shooting = false }: LoadRunOptions = {},
): Promise<LoadedRun | undefined> {
  // Read once and kept: threads read it again.
  const stdinText = location === '-' ? await text(io.stdin) : undefined;
  const stdin = Readable.from(stdinText === undefined ? [] : [stdinText]);
  const loaded = await loadConfig(location, { registry: builtins(), stdin, env: io.env })();
  if (isLeft(loaded)) {
    const { left: error } = loaded;
    if (json) {
      const problems = error instanceof ConfigError ? error.problems : [];
      io.stdout.write(`${JSON.stringify({ error: { code: error.code, message: error.message }, problems })}\n`);
    } else printError(error, io);
    return undefined;
  }
  const { config, registry } = loaded.right;
  try {
    const log = createLog(logConfig(config, quiet, shooting), io);
    for (const warning of config.warnings) log.warn(warning);
    return { config, registry, deps: realDeps(io, log), origin: { location, stdinText } };
  } catch (error) {
    printError(error, io);
    return undefined;
  }
}

/** Only a run writes to the configured log; a log file is written even when quiet, standard output only when it is free. */
function logConfig({ log, pools }: Config, quiet: boolean, shooting: boolean): LogConfig {
  if (!shooting) return { level: quiet ? 'error' : 'warn', file: 'stderr' };
  if (log.file !== 'stdout' && log.file !== 'stderr') return log;
  if (quiet) return { level: 'error', file: 'stderr' };
  return log.file === 'stdout' && writesToStdout(pools) ? { ...log, file: 'stderr' } : log;
}
