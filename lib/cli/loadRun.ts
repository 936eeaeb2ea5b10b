import { isLeft } from 'fp-ts/lib/Either.js';
import { builtins } from '../builtins/builtins.js';
import { ConfigError, issueText } from '../codec/report/configError.js';
import type { Config } from '../config/config.js';
import { loadConfig } from '../config/loadConfig.js';
import type { Overrides } from '../config/overrides.js';
import { writesToStdout } from '../config/writesToStdout.js';
import { defined } from '../core/defined.js';
import { type Deps, type Log, WHOLE } from '../core/deps.js';
import type { MeshRun } from '../mesh/coordinator/runMesh.js';
import { realTimeScheduler } from '../time/realTime.js';
import { anySeed, seededRandom } from '../time/seededRandom.js';
import { createLog, type LogConfig } from './createLog.js';
import { type Io, printError, redactedIo } from './terminal.js';

/** The dependencies of a real run. */
export function realDeps(io: Io, log: Log, seed: number): Deps {
  return {
    scheduler: realTimeScheduler,
    random: seededRandom(seed),
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
  /** Files that the command writes, by their option, such as `--summary-json`. */
  readonly outputs?: Readonly<Record<string, string>>;
  /** Values that replace values of the config. */
  readonly overrides?: Overrides;
  /** Seed of all random numbers. Default: the seed of the config, else from the time. */
  readonly seed?: number | undefined;
}

/** A checked config, and the dependencies and the seed of its run. */
export interface Runnable {
  readonly config: Config;
  readonly deps: Deps;
  /** The seed of all random numbers, if there is one. */
  readonly seed?: number;
  /** So many processes of this machine play it. Default: this one. */
  readonly processes?: number | undefined;
  /** Other machines play it. Default: this one. */
  readonly mesh?: MeshRun | undefined;
}

/** A config that was read, and the dependencies of its run. */
export interface LoadedRun extends Runnable {
  readonly seed: number;
  /** The streams of the process for text, in which secrets of the config are hidden. */
  readonly io: Io;
}

/**
 * Reads and checks a config, and prints all of its issues: as text to stderr, or as JSON to stdout.
 *
 * @returns undefined for an invalid config.
 */
export async function loadRun(
  location: string | undefined,
  io: Io,
  {
    quiet = false,
    json = false,
    shooting = false,
    allowPlugins = false,
    overrides,
    outputs,
    ...options
  }: LoadRunOptions = {},
): Promise<LoadedRun | undefined> {
  const { stdin, env } = io;
  const loaded = await loadConfig(location, {
    ...{ registry: builtins(), stdin, env, allowPlugins, overrides },
    ...defined({ outputs }),
  })();
  if (isLeft(loaded)) {
    const { left: error } = loaded;
    if (json) {
      const issues = error instanceof ConfigError ? error.issues : [];
      io.stdout.write(`${JSON.stringify({ error: { code: error.code, message: error.message }, issues })}\n`);
    } else printError(error, io);
    return undefined;
  }
  const config = loaded.right;
  const { name, redactor } = config.document;
  const shown = redactedIo(io, redactor);
  try {
    const log = redactor.log(createLog(logConfig(config, quiet, shooting), io));
    // A run logs its warnings itself.
    if (!shooting) for (const warning of config.warnings) log.warn(issueText(warning, name));
    const seed = options.seed ?? config.seed ?? anySeed();
    return { config, deps: realDeps(io, log, seed), seed, io: shown };
  } catch (error) {
    printError(error, shown);
    return undefined;
  }
}

/**
 * Only a run writes to the configured log; a log file is written even with `quiet`, standard output only when it has
 * no other use.
 */
function logConfig({ log, pools }: Config, quiet: boolean, shooting: boolean): LogConfig {
  if (!shooting) return { level: quiet ? 'error' : 'warn', file: 'stderr' };
  if (log.file !== 'stdout' && log.file !== 'stderr') return log;
  if (quiet) return { level: 'error', file: 'stderr' };
  return log.file === 'stdout' && writesToStdout(pools) ? { ...log, file: 'stderr' } : log;
}
