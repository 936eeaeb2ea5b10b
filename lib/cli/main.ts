import { existsSync } from 'node:fs';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { closest } from '../codec/closest.js';
import { located } from '../plugin/userPlace.js';
import { EXIT_CODES } from './exitCodes.js';
import type { HitOptions } from './hitCommand.js';
import type { RehearseCommandOptions } from './rehearseCommand.js';
import type { RunCommandOptions } from './runCommand.js';
import type { SignalSource } from './signals.js';
import { type Io, printError } from './terminal.js';
import { version } from './version.js';

const COMMANDS = new Set([
  'run',
  'hit',
  'check',
  'plan',
  'rehearse',
  'ammo',
  'init',
  'plugins',
  'schema',
  'target',
  'help',
]);

function count(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0)
    throw new InvalidArgumentError('expected a whole number of at least 0.');
  return value;
}

function rate(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < Number.POSITIVE_INFINITY)) throw new InvalidArgumentError('expected a number above 0.');
  return value;
}

/** Decodes `--threads` before the command runs. The codec is loaded only for that: `--version` needs none. */
async function decodeThreads(command: Command): Promise<void> {
  const text = command.getOptionValue('threads') as string | undefined;
  if (text === undefined) return;
  const { threadsCodec } = await import('../config/mainCodec.js');
  const decoded = threadsCodec.decode(text === 'auto' ? text : Number(text));
  if (decoded._tag === 'Right') command.setOptionValue('threads', decoded.right);
  else command.error(`error: option '--threads <n>' argument '${text}' is invalid: expected ${threadsCodec.name}.`);
}

function port(text: string): number {
  const value = count(text);
  if (value > 65_535) throw new InvalidArgumentError('expected a port of at most 65535.');
  return value;
}

const CONFIG_ARGUMENT =
  'config file (.yaml, .yml, .json, .ts, .js), URL, or - for stdin; without it load.* is looked for in ./, ./config and /etc/pandora';

const REHEARSE_HELP = `
Models, joined by +: times add up, and a script applies to everything before it.
  constant(20ms)                      lognormal(median=20ms, p99=80ms)
  exponential(5ms)                    empirical(0=5ms, 0.5=20ms, 0.99=80ms, 1=200ms)
  queue(servers=8, service=5ms, limit=100, full=503)
  fit:phout.log                       the responses of a recorded run, by tag
  script: ok 30s, stall 2s, 503 10s, slow x3 5s, reset 1s, refuse 1s, ok`;

/**
 * The command line: parses the arguments and runs one command. Each command is loaded only when it is used.
 *
 * @returns the exit code, one of `EXIT_CODES`.
 */
export async function main(args: readonly string[], io: Io, signalSource: SignalSource): Promise<number> {
  let exitCode: number = EXIT_CODES.ok;
  const program = new Command('elpis')
    .description(
      'A reactive load generator: ticks are zipped with ammo, merged into gun shots, buffered into reporters.',
    )
    .version(`elpis ${version()}`, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .showHelpAfterError('(elpis --help lists the commands)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
    });

  program
    .command('run')
    .argument('[config]', CONFIG_ARGUMENT)
    .description('run a load test')
    .option('--threads <n>', 'how many threads share the run, or auto')
    .hook('preAction', decodeThreads)
    .option('-q, --quiet', 'print nothing but errors')
    .option('--summary-json <file>', 'write the summary as JSON')
    .action(async (config: string | undefined, options: RunCommandOptions) => {
      const { runCommand } = await import('./runCommand.js');
      exitCode = await runCommand(config, options, io, signalSource);
    })
    .addHelpText('after', '\nExit codes: 0 ok, 1 run failed, 2 bad usage or config, 130 SIGINT, 143 SIGTERM.');
  program
    .command('hit <url>')
    .description('shoot one URL, without a config')
    .addOption(
      new Option('--rps <n>', 'shots per second; without it as fast as the instances get responses').argParser(rate),
    )
    .option('--for <duration>', 'how long it shoots', '30s')
    .addOption(new Option('--instances <n>', 'how many shots at the same time').argParser(count).default(50))
    .option('--method <word>', 'HTTP method; by default GET, or POST with a body')
    .option(
      '--header <line>',
      "'Name: value'; may be repeated",
      (line: string, lines: string[]) => [...lines, line],
      [],
    )
    .option('--body <text>', 'body of the request')
    .option('--pacing <word>', 'relaxed or precise', 'relaxed')
    .option('--threads <n>', 'how many threads share the run, or auto')
    .hook('preAction', decodeThreads)
    .option('-q, --quiet', 'print nothing but errors')
    .option('--summary-json <file>', 'write the summary as JSON')
    .action(async (url: string, options: HitOptions & RunCommandOptions) => {
      const { hitCommand } = await import('./hitCommand.js');
      exitCode = await hitCommand(url, options, io, signalSource);
    });
  program
    .command('check')
    .argument('[config]', CONFIG_ARGUMENT)
    .description('validate a config and show the pools that it makes')
    .option('--json', 'print JSON')
    .action(async (config: string | undefined, options: { json?: boolean }) => {
      const { checkCommand } = await import('./checkCommand.js');
      exitCode = await checkCommand(config, options, io);
    });
  program
    .command('plan')
    .argument('[config]', CONFIG_ARGUMENT)
    .description('show when shots would happen, without shooting')
    .option('--json', 'print JSON')
    .addOption(new Option('--ticks <n>', 'print the first n operations of each pool as JSON lines').argParser(count))
    .action(async (config: string | undefined, options: { json?: boolean; ticks?: number }) => {
      const { planCommand } = await import('./planCommand.js');
      exitCode = await planCommand(config, options, io);
    });
  program
    .command('rehearse')
    .argument('[config]', CONFIG_ARGUMENT)
    .description('run a load test in virtual time against a model of its target')
    .requiredOption('--target <model>', 'the model that is shot at, see below')
    .addOption(
      new Option('--seed <n>', 'seed of all random numbers; the same seed gives the same run')
        .argParser(count)
        .default(1),
    )
    .option('--responses <module>', 'responses of the target to scenarios, by method and path: ./responses.ts')
    .option('--until <duration>', 'end the run after this virtual time')
    .option('--write-results', 'write the result files of the config; by default a rehearsal writes none')
    .option('--json', 'print JSON')
    .action(async (config: string | undefined, options: RehearseCommandOptions) => {
      const { rehearseCommand } = await import('./rehearseCommand.js');
      exitCode = await rehearseCommand(config, options, io);
    })
    .addHelpText('after', REHEARSE_HELP);
  program
    .command('ammo')
    .argument('[config]', CONFIG_ARGUMENT)
    .description('show the requests that the ammo decodes to, without shooting')
    .addOption(new Option('--limit <n>', 'how many of each pool').argParser(count).default(10))
    .option('--json', 'print JSON lines')
    .action(async (config: string | undefined, options: { limit: number; json?: boolean }) => {
      const { ammoCommand } = await import('./ammoCommand.js');
      exitCode = await ammoCommand(config, options, io);
    });
  program
    .command('init [file]')
    .description('write an example config that runs against the bundled target')
    .option('--target <host:port>', 'address that it shoots at', '127.0.0.1:8080')
    .option('--force', 'replace an existing file')
    .action(async (file: string | undefined, options: { target: string; force?: boolean }) => {
      const { initCommand } = await import('./initCommand.js');
      exitCode = await initCommand(file ?? 'load.yaml', options, io);
    });
  program
    .command('plugins [kind]')
    .description('list every component with its keys, types and defaults')
    .option('--config <file>', 'also list those of the modules of a config')
    .option('--json', 'print JSON')
    .action(async (kind: string | undefined, options: { json?: boolean; config?: string }) => {
      const { pluginsCommand } = await import('./pluginsCommand.js');
      exitCode = await pluginsCommand(kind, options, io);
    });
  program
    .command('schema [config]')
    .description('print a JSON Schema of configs, for editors; with a config, also of the components of its modules')
    .option('--out <file>', 'write it to a file')
    .action(async (config: string | undefined, options: { out?: string }) => {
      const { schemaCommand } = await import('./schemaCommand.js');
      exitCode = await schemaCommand(config, options, io);
    });
  program
    .command('target')
    .description('run the bundled HTTP server to shoot at')
    .addOption(new Option('-p, --port <port>', 'port to listen on; 0 for any free port').argParser(port).default(8080))
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .addOption(new Option('--seed <n>', 'seed of the random routes').argParser(count).default(1))
    .action(async (options: { port: number; host: string; seed: number }) => {
      const { targetCommand } = await import('./targetCommand.js');
      exitCode = await targetCommand(options, io, signalSource);
    });

  try {
    await program.parseAsync(withCommand(args), { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODES.ok : EXIT_CODES.badUsage;
    const known = located(error);
    if (known.code === 'ELPIS_INTERNAL') throw error;
    // For example the error of a schedule whose recorded trace is broken.
    printError(known, io);
    return EXIT_CODES.badUsage;
  }
}

/** `elpis load.yaml` and a bare `elpis` mean `run`. */
function withCommand(args: readonly string[]): string[] {
  const [first] = args;
  if (first === undefined || first === '-') return ['run', ...args];
  const known = COMMANDS.has(first) || ['-h', '--help', '-v', '--version'].includes(first);
  // A word that is not a file but similar to a command is treated as one; commander then suggests it.
  const isCommand = known || (!existsSync(first) && closest(first, [...COMMANDS]) !== undefined);
  return isCommand ? [...args] : ['run', ...args];
}
