import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Command } from './command.js';
import { EXIT_CODES } from './exitCodes.js';
import type { SignalSource } from './signals.js';
import type { Io } from './terminal.js';

/** Each command is in its own file, which is loaded at its use. */
export const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  run: async () => (await import('./commands/run.js')).runCommand,
  hit: async () => (await import('./commands/hit.js')).hitCommand,
  check: async () => (await import('./commands/check.js')).checkCommand,
  plan: async () => (await import('./commands/plan.js')).planCommand,
  rehearse: async () => (await import('./commands/rehearse.js')).rehearseCommand,
  ammo: async () => (await import('./commands/ammo.js')).ammoCommand,
  init: async () => (await import('./commands/init.js')).initCommand,
  plugins: async () => (await import('./commands/plugins.js')).pluginsCommand,
  explain: async () => (await import('./commands/explain.js')).explainCommand,
  schema: async () => (await import('./commands/schema.js')).schemaCommand,
  target: async () => (await import('./commands/target.js')).targetCommand,
};

/** All commands, for the list in the help. */
export function allCommands(): Promise<readonly Command[]> {
  return Promise.all(Object.values(COMMANDS).map((load) => load()));
}

/** The version in package.json, resolved by the package's own name, from the sources and from `dist`. */
function version(): string {
  const require = createRequire(import.meta.url);
  return (require('elpis/package.json') as { readonly version: string }).version;
}

/** Options that Pandora writes with one dash, as Go does. Yandex.Tank passes them in that form. */
const SINGLE_DASH = new Set(['-expvar', '-help', '-version']);

/** `elpis load.yaml` and a bare `elpis` mean `run`. */
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
  const name = words[0] ?? '';
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  const [{ parseArguments }, { located }, { printError }, commands] = await Promise.all([
    import('./parser.js'),
    import('../plugin/userPlace.js'),
    import('./terminal.js'),
    load === undefined ? allCommands() : Promise.all([load()]),
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
