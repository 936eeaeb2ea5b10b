import { EXIT_CODES } from './exitCodes.js';
import type { Io } from './io.js';
import { loadRun } from './loadRun.js';
import { type RunCommandOptions, runLoaded } from './runLoaded.js';
import type { SignalSource } from './signals.js';

/** `elpis run`: reads a config, shoots, shows progress, prints the summary, and answers with an exit code. */
export async function runCommand(
  location: string | undefined,
  options: RunCommandOptions,
  io: Io,
  source: SignalSource,
): Promise<number> {
  const loaded = await loadRun(location, io, { quiet: options.quiet === true, shooting: true });
  return loaded === undefined ? EXIT_CODES.badUsage : runLoaded(loaded, options, io, source);
}
