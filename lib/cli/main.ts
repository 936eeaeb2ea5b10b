import { existsSync } from 'node:fs';
import { version } from '../config/version.js';
import type { Command } from './command.js';
import { EXIT_CODES } from './exitCodes.js';
import type { ListedCommand } from './parser.js';
import type { SignalSource } from './signals.js';
import type { Io } from './terminal.js';

/** A command in the list of all. */
interface Listed {
  /** Its line in the list: the same as `describe` of the command itself. */
  readonly describe: string;
  /** Its arguments, such as `[config]`. */
  readonly words: string;
  readonly load: () => Promise<Command>;
}

/** Each command has its own file, which is loaded when the command is used. */
export const COMMANDS: Readonly<Record<string, Listed>> = {
  run: {
    describe: 'run a load test',
    words: '[config]',
    load: async () => (await import('./commands/run.js')).runCommand,
  },
  hit: {
    describe: 'shoot at one URL, without a config',
    words: '<url>',
    load: async () => (await import('./commands/hit.js')).hitCommand,
  },
  check: {
    describe: 'validate a config and show its pools',
    words: '[config]',
    load: async () => (await import('./commands/check.js')).checkCommand,
  },
  plan: {
    describe: 'show when shots would happen, without shooting',
    words: '[config]',
    load: async () => (await import('./commands/plan.js')).planCommand,
  },
  rehearse: {
    describe: 'run a load test in virtual time against a model of its target',
    words: '[config]',
    load: async () => (await import('./commands/rehearse.js')).rehearseCommand,
  },
  capacity: {
    describe: 'search for the highest rate at which all thresholds pass',
    words: '[config]',
    load: async () => (await import('./commands/capacity.js')).capacityCommand,
  },
  show: {
    describe: 'print the summary of a recorded run again',
    words: '<record>',
    load: async () => (await import('./commands/show.js')).showCommand,
  },
  judge: {
    describe: 'judge a recorded run again by other thresholds, without shooting',
    words: '<record>',
    load: async () => (await import('./commands/judge.js')).judgeCommand,
  },
  watch: {
    describe: 'play a recorded run again, on the screen or in the page',
    words: '<record>',
    load: async () => (await import('./commands/watch.js')).watchCommand,
  },
  report: {
    describe: 'write the report of a recorded run as one HTML file',
    words: '<record>',
    load: async () => (await import('./commands/report.js')).reportCommand,
  },
  export: {
    describe: 'print the windows of a recorded run as a time series',
    words: '<record>',
    load: async () => (await import('./commands/export.js')).exportCommand,
  },
  compare: {
    describe: 'compare recorded runs: what differs, with confidence intervals',
    words: '<first> [second]',
    load: async () => (await import('./commands/compare.js')).compareCommand,
  },
  ammo: {
    describe: 'show the requests that the ammo decodes to, without shooting',
    words: '[config]',
    load: async () => (await import('./commands/ammo.js')).ammoCommand,
  },
  init: {
    describe: 'write an example config that runs against the bundled target',
    words: '[file]',
    load: async () => (await import('./commands/init.js')).initCommand,
  },
  convert: {
    describe: 'print a scenario file in HCL or YAML as a scenario in TypeScript',
    words: '<file>',
    load: async () => (await import('./commands/convert.js')).convertCommand,
  },
  plugins: {
    describe: 'list every component with its keys, types and defaults',
    words: '[kind]',
    load: async () => (await import('./commands/plugins.js')).pluginsCommand,
  },
  explain: {
    describe: 'explain a key or a component of a config: type, unit, default, meaning, example',
    words: '<key>',
    load: async () => (await import('./commands/explain.js')).explainCommand,
  },
  schema: {
    describe: 'print a JSON Schema of configs, for editors',
    words: '[config]',
    load: async () => (await import('./commands/schema.js')).schemaCommand,
  },
  worker: {
    describe: 'wait for runs of a group of machines, and play shares of them',
    words: '',
    load: async () => (await import('./commands/worker.js')).workerCommand,
  },
  mesh: {
    describe: 'show the workers and the runs of a group of machines, or stop a run',
    words: '<action> [run]',
    load: async () => (await import('./commands/mesh.js')).meshCommand,
  },
  merge: {
    describe: 'merge the phout files of several workers into one, in the order of time',
    words: '<output>',
    load: async () => (await import('./commands/merge.js')).mergeCommand,
  },
  target: {
    describe: 'run the bundled HTTP server, a target for tests',
    words: '',
    load: async () => (await import('./commands/target.js')).targetCommand,
  },
};

/** Every command, with its options. */
export function allCommands(): Promise<readonly Command[]> {
  return Promise.all(Object.values(COMMANDS).map(({ load }) => load()));
}

/** The commands for the parser: the named command, or the list of all when none is named. */
async function commandsFor([first = '', second = '']: readonly string[]): Promise<
  readonly (Command | ListedCommand)[]
> {
  const name = first === 'help' ? second : first;
  const named = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (named !== undefined) return [await named.load()];
  return Object.entries(COMMANDS).map(([listed, { describe, words }]) => ({ name: listed, describe, words }));
}

/** Options that Pandora writes with one dash, as Go does. Yandex.Tank passes them in that form. */
const SINGLE_DASH = new Set(['-expvar', '-help', '-version']);

/** `elpis load.yaml` and `elpis` without arguments mean `run`. */
async function withCommand(args: readonly string[]): Promise<readonly string[]> {
  const [first] = args;
  if (first === undefined || first === '-') return ['run', ...args];
  if (Object.hasOwn(COMMANDS, first) || ['help', '-h', '--help'].includes(first)) return args;
  // A word that is similar to a command, and not a file, is treated as a command; the parser then suggests the right
  // one.
  const { closest } = await import('../codec/closest.js');
  return !existsSync(first) && closest(first, Object.keys(COMMANDS)) !== undefined ? args : ['run', ...args];
}

/**
 * The command line: parses the arguments and runs one command. Only the modules of that command are loaded.
 *
 * @returns The exit code, one of `EXIT_CODES`.
 */
export async function main(args: readonly string[], io: Io, signals: SignalSource): Promise<number> {
  const { ownStreams } = await import('./ownStreams.js');
  const streams = ownStreams(io);
  return streams.codeOf(await runCommandLine(args, io, signals));
}

async function runCommandLine(args: readonly string[], io: Io, signals: SignalSource): Promise<number> {
  const [first = ''] = args;
  if (['-v', '--version', '-version'].includes(first)) {
    // Pandora's `-version` writes to stderr.
    (first === '-version' ? io.stderr : io.stdout).write(`elpis ${version()}\n`);
    return EXIT_CODES.ok;
  }
  const words = await withCommand(args.map((word) => (SINGLE_DASH.has(word) ? `-${word}` : word)));
  const [{ parseArguments }, { located }, { printError }, commands] = await Promise.all([
    import('./parser.js'),
    import('../plugin/userPlace.js'),
    import('./terminal.js'),
    commandsFor(words),
  ]);
  try {
    const parsed = parseArguments(words, commands, io);
    return typeof parsed === 'number' ? parsed : await parsed.command.run(parsed.given, io, signals);
  } catch (error) {
    const known = located(error);
    if (known.code === 'ELPIS_INTERNAL') throw error;
    // For example the error of a schedule whose recorded trace is broken.
    printError(known, io);
    return EXIT_CODES.badUsage;
  }
}
