import { Argument, CommanderError, Option as CommanderOption, Command as Shell } from 'commander';
import { allOrErrors } from '../core/errorContext.js';
import { ElpisError } from '../core/errors.js';
import { type Command, longFlag, type Option } from './command.js';
import { EXIT_CODES } from './exitCodes.js';
import { type Io, printError } from './terminal.js';

/** The description of an option with its default, for help texts and docs/CLI.md. */
export function docOf({ use, doc, fallback }: Option<unknown>): string {
  if (use === 'list') return `${doc}; may be repeated`;
  return fallback === undefined ? doc : `${doc} (default ${fallback})`;
}

/** The form of an option: `-q, --quiet`, `--out <file>`, `[config]`. */
export function spellingOf(property: string, option: Option<unknown>): string {
  const { use, placeholder, short, required, mayFollow } = option;
  if (use === 'argument') return required ? `<${property}>` : `[${property}]`;
  const word = mayFollow === undefined ? `<${placeholder}>` : `[${placeholder}]`;
  const long = use === 'flag' ? longFlag(property) : `${longFlag(property)} ${word}`;
  return short === undefined ? long : `-${short}, ${long}`;
}

/** A command that is only listed: its body is not loaded, and the arguments do not name it. */
export interface ListedCommand {
  readonly name: string;
  readonly describe: string;
  /** Its arguments, such as `[config]`. */
  readonly words: string;
}

/** Adds a command by its table of options. `chosen` is called with the texts of each option, by property. */
function declare(
  program: Shell,
  { name, describe, options, notes }: Command,
  chosen: (written: ReadonlyMap<string, readonly string[]>) => void,
): void {
  const shell = program.command(name).description(describe);
  const entries = Object.entries(options);
  for (const [property, option] of entries) {
    const spelled = spellingOf(property, option);
    if (option.use === 'argument') shell.addArgument(new Argument(spelled, docOf(option)));
    else {
      const added = new CommanderOption(spelled, docOf(option)).makeOptionMandatory(option.required);
      if (option.use === 'flag') added.argParser(() => ['']);
      else added.argParser((text: string, before: readonly string[] = []) => [...before, text]);
      shell.addOption(added);
    }
  }
  if (notes !== undefined) shell.addHelpText('after', `\n${notes}`);
  shell.action(() => {
    const words = shell.args.values();
    const textsOf = (property: string, { use }: Option<unknown>): readonly string[] => {
      if (use !== 'argument') return [shell.getOptionValue(property) ?? []].flat().map(String);
      const { value: word } = words.next();
      return word === undefined ? [] : [word];
    };
    chosen(new Map(entries.map(([property, option]) => [property, textsOf(property, option)])));
  });
}

/** The values of the options of a command. @throws ElpisError `ELPIS_USAGE` for the options with an invalid text, all at once. */
function givenTo({ options }: Command, written: ReadonlyMap<string, readonly string[]>): Record<string, unknown> {
  const given = allOrErrors(Object.entries(options), ([property, option]) => {
    const spelled = option.use === 'argument' ? property : longFlag(property);
    return [property, option.read(written.get(property) ?? [], spelled)] as const;
  });
  return Object.fromEntries(given);
}

/** A command in the list, without its options. */
function termOf(name: string, words: readonly Argument[]): string {
  return [name, ...words.map((word) => (word.required ? `<${word.name()}>` : `[${word.name()}]`))].join(' ');
}

/** The arguments, with the values of options that may have none written as `--name=value`. */
function withOptionalValues(
  args: readonly string[],
  commands: readonly (Command | ListedCommand)[],
): readonly string[] {
  const may = new Map<string, RegExp>();
  for (const command of commands) {
    if (!('options' in command)) continue;
    for (const [property, { mayFollow }] of Object.entries(command.options))
      if (mayFollow !== undefined) may.set(longFlag(property), mayFollow);
  }
  const all: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const [word, next] = [args[i] as string, args[i + 1]];
    if (word === '--') return [...all, ...args.slice(i)];
    const follows = may.get(word);
    if (follows === undefined) all.push(word);
    else if (next !== undefined && follows.test(next)) all.push(`${word}=${args[++i]}`);
    else all.push(`${word}=`);
  }
  return all;
}

/** A command and the values of its options. */
export interface Invocation {
  readonly command: Command;
  readonly given: Readonly<Record<string, unknown>>;
}

/** Prints an error of the arguments. Without a hint of its own it has the help that lists what can be written. */
function printMistake(
  text: string,
  [first]: readonly string[],
  commands: readonly (Command | ListedCommand)[],
  io: Io,
): void {
  const isCommand = commands.some(({ name }) => name === first);
  const help = isCommand ? `elpis ${first} --help lists its options` : 'elpis --help lists the commands';
  const [message = '', hint = help] = text
    .replace(/^error: /, '')
    .trim()
    .split('\n');
  printError(new ElpisError('ELPIS_USAGE', message, { hint: hint.replace(/^\((.*)\)$/, '$1') }), io);
}

/**
 * Parses the arguments. Prints the help when it is requested, and errors of the arguments.
 *
 * @returns The command to run, or the exit code when there is none.
 * @throws ElpisError `ELPIS_USAGE` for the options with an invalid text, all at once.
 */
export function parseArguments(
  args: readonly string[],
  commands: readonly (Command | ListedCommand)[],
  io: Io,
): Invocation | number {
  let invocation: Invocation | undefined;
  const program = new Shell('elpis')
    .description(
      'A reactive load generator: ticks are zipped with ammo, merged into gun shots, buffered into reporters.',
    )
    .option('-v, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .exitOverride()
    .configureHelp({ subcommandTerm: (shell) => termOf(shell.name(), shell.registeredArguments) })
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      outputError: (text) => printMistake(text, args, commands, io),
    });
  for (const command of commands)
    if ('words' in command) program.command(`${command.name} ${command.words}`).description(command.describe);
    else
      declare(program, command, (written) => {
        invocation = { command, given: givenTo(command, written) };
      });
  try {
    program.parse(withOptionalValues(args, commands), { from: 'user' });
    return invocation ?? EXIT_CODES.ok;
  } catch (error) {
    // `help` takes the exit code that the process has so far.
    if (error instanceof CommanderError)
      return error.exitCode === 0 || error.code === 'commander.help' ? EXIT_CODES.ok : EXIT_CODES.badUsage;
    throw error;
  }
}
