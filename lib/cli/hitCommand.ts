import { isLeft } from 'fp-ts/lib/Either.js';
import { builtins } from '../builtins/builtins.js';
import { decodeConfig } from '../config/decodeConfig.js';
import { drawProblems } from '../config/report/drawProblems.js';
import { problemsOf } from '../config/report/problemsOf.js';
import { createLog } from './createLog.js';
import { EXIT_CODES } from './exitCodes.js';
import { type HitOptions, hitConfig } from './hitConfig.js';
import type { Io } from './io.js';
import { printError } from './printError.js';
import { realDeps } from './realDeps.js';
import { type RunCommandOptions, runLoaded } from './runLoaded.js';
import type { SignalSource } from './signals.js';

/** `elpis hit`: shoots one URL without a config; what it prints is that of `run`. */
export async function hitCommand(
  address: string,
  options: HitOptions & RunCommandOptions,
  io: Io,
  source: SignalSource,
): Promise<number> {
  try {
    const value = hitConfig(address, options);
    const decoded = decodeConfig(value, builtins());
    if (isLeft(decoded)) {
      printError(new Error(drawProblems(problemsOf(decoded.left), { name: 'elpis hit' })), io);
      return EXIT_CODES.badUsage;
    }
    const deps = realDeps(io, createLog({ level: options.quiet === true ? 'error' : 'warn', file: 'stderr' }, io));
    return await runLoaded(
      { config: decoded.right, deps, origin: () => ({ value, asWritten: true }) },
      options,
      io,
      source,
    );
  } catch (error) {
    printError(error, io);
    return EXIT_CODES.badUsage;
  }
}
