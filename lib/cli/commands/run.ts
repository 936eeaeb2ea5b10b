import { setImmediate as endOfTurn } from 'node:timers/promises';
import { combineErrors } from '../../core/errorContext.js';
import type { ElpisError } from '../../core/errors.js';
import { uncaught } from '../../engine/uncaught.js';
import { ALLOW_PLUGINS, command, configArgument, flag } from '../command.js';
import { EXIT_CODE_TABLE, EXIT_CODES } from '../exitCodes.js';
import { loadRun } from '../loadRun.js';
import { ON_MACHINES, placeOf } from '../meshOptions.js';
import { OVERRIDING, overridesOf } from '../overriding.js';
import { outputsOf, SHOOTING } from '../shooting.js';
import { printError } from '../terminal.js';
import { runLoaded } from '../watchRun.js';

/** A name of code in words: `runFailed` is `run failed`. */
const wordsOf = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** `elpis run`: reads a config, shoots, shows progress, prints the summary, and returns an exit code. */
export const runCommand = command({
  name: 'run',
  describe: 'run a load test',
  options: {
    config: configArgument,
    ...OVERRIDING,
    ...SHOOTING,
    ...ON_MACHINES,
    ...ALLOW_PLUGINS,
    expvar: flag('accepted for Pandora, without effect; monitoring.expvar of the config serves the counters'),
  },
  notes: `Exit codes: ${Object.entries(EXIT_CODE_TABLE)
    .map(([name, [code]]) => `${code} ${wordsOf(name)}`)
    .join(', ')}.`,
  run: async ({ config, expvar, ...options }, io, signals) => {
    if (expvar && !options.quiet)
      io.stderr.write(
        '-expvar has no effect, as in Pandora: write monitoring: {expvar: {enabled: true}} in the config\n',
      );
    const failures: ElpisError[] = [];
    const loading = uncaught(signals).subscribe((failure) => failures.push(failure));
    const loaded = await loadRun(config, io, {
      quiet: options.quiet,
      shooting: true,
      seed: options.seed,
      overrides: overridesOf(options),
      allowPlugins: options.allowPlugins,
      outputs: outputsOf(options),
    });
    // Node reports an unhandled rejection at the end of the turn in which it happens.
    await endOfTurn();
    loading.unsubscribe();
    const failure = combineErrors(failures);
    if (failure !== undefined) printError(failure, loaded?.io ?? io);
    return loaded === undefined || failure !== undefined
      ? EXIT_CODES.badUsage
      : runLoaded({ ...loaded, ...placeOf(options, io, loaded.config) }, options, loaded.io, signals);
  },
});
