import { isLeft } from 'fp-ts/lib/Either.js';
import { builtins } from '../builtins/builtins.js';
import { ConfigError, issueText } from '../codec/report/configError.js';
import type { Config } from '../config/config.js';
import { loadConfig } from '../config/loadConfig.js';
import { writesToStdout } from '../config/writesToStdout.js';
import { type Deps, type Log, WHOLE } from '../core/deps.js';
import { realTimeScheduler } from '../time/realTime.js';
import { seededRandom } from '../time/seededRandom.js';
import { createLog, type LogConfig } from './createLog.js';
import { type Io, printError } from './terminal.js';

/** The dependencies of a real run. */
export function realDeps(io: Io, log: Log): Deps {
  return {
    scheduler: realTimeScheduler,
    random: seededRandom(Math.floor(realTimeScheduler.now() * 1000)),
    log,
    stdin: io.stdin,
    stdout: io.stdout,
    stderr: io.stderr,
    share: WHOLE,
  };
}

/** Options of {@link loadRun}. */
export interface LoadRunOptions {
  /** Prints only errors. */
  readonly quiet?: boolean;
  /** Prints issues to stdout as JSON. */
  readonly json?: boolean;
  /** Lets a config that comes from an http(s) address load modules of this machine. */
  readonly allowPlugins?: boolean;
  /** Uses the log of the config; otherwise warnings are written to stderr. */
  readonly shooting?: boolean;
}

/** A config that was read, and what it needs to be run. */
export interface LoadedRun {
  readonly config: Config;
  readonly deps: Deps;
}

/**
 * Reads and checks a config, and prints all of its issues: as text to stderr, or as JSON to stdout.
 *
 * @returns undefined when it cannot be used.
 */
export async function loadRun(
  location: string | undefined,
  io: Io,
  { quiet = false, json = false, shooting = false, allowPlugins = false }: LoadRunOptions = {},
): Promise<LoadedRun | undefined> {
  const loaded = await loadConfig(location, { registry: builtins(), stdin: io.stdin, env: io.env, allowPlugins })();
  if (isLeft(loaded)) {
    const { left: error } = loaded;
    if (json) {
      const issues = error instanceof ConfigError ? error.issues : [];
      io.stdout.write(`${JSON.stringify({ error: { code: error.code, message: error.message }, issues })}\n`);
    } else printError(error, io);
    return undefined;
  }
  const config = loaded.right;
  try {
    const log = createLog(logConfig(config, quiet, shooting), io);
    // A run logs them itself.
    if (!shooting) for (const warning of config.warnings) log.warn(issueText(warning, config.document.name));
    return { config, deps: realDeps(io, log) };
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
