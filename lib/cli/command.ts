import { type Either, isLeft, mapLeft } from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';
import type { Codec, CodecIssue } from '../codec/issue.js';
import { Reference } from '../codec/reference.js';
import { defined } from '../core/defined.js';
import { allOrErrors, excerpt } from '../core/errorContext.js';
import { ElpisError } from '../core/errors.js';
import type { SignalSource } from './signals.js';
import type { Io } from './terminal.js';

/** One option or argument of a command: its form and its value. */
export interface Option<T> {
  /** A flag has no value, a value follows its option, a list is an option that may be repeated. */
  readonly use: 'argument' | 'flag' | 'value' | 'list';
  /** The value may be left out: the next word is the value only if it matches. */
  readonly mayFollow?: RegExp;
  /** Its description. */
  readonly doc: string;
  /**
   * The placeholder of the value in help texts; empty for a flag and for an argument, which has the name of its
   * property.
   */
  readonly placeholder: string;
  /** One letter that means the same. */
  readonly short?: string;
  readonly required: boolean;
  /** The text that is used when the option is absent. */
  readonly fallback?: string;
  /**
   * Decodes the texts of the option: one for each time that it was given.
   *
   * @throws ElpisError `ELPIS_USAGE`, which names the option by `spelled`.
   */
  readonly read: (written: readonly string[], spelled: string) => T;
}

/**
 * The options of a command, by their property in the argument of `run`. `summaryJson` is the option `--summary-json`.
 */
export type Options = Readonly<Record<string, Option<unknown>>>;

/** The values of the options of a command, for `run`. */
export type Given<O extends Options> = { readonly [K in keyof O]: O[K] extends Option<infer T> ? T : never };

/** One command: `elpis name`. */
export interface Command<O extends Options = Options> {
  readonly name: string;
  /** Its line in the list of commands. */
  readonly describe: string;
  /** The source of the parser, the help text and docs/CLI.md. */
  readonly options: O;
  /** The help text after the options. */
  readonly notes?: string;
  /** Returns the exit code, one of `EXIT_CODES`. An exception is printed and is bad usage. */
  run(given: Given<O>, io: Io, signals: SignalSource): Promise<number>;
}

/** Declares a command, so that the argument of `run` has the types of its options. */
export function command<const O extends Options>(declared: Command<O>): Command<O> {
  return declared;
}

/** The form of `summaryJson` on the command line: `--summary-json`. */
export function longFlag(property: string): string {
  return `--${property.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/**
 * Reads one text by the codec of a config's key, so that a command line accepts the same values as a config. A text
 * of the wrong type may be a number, so it is decoded again like the text of a reference.
 */
function decoded<T>(codec: Codec<T>, text: string, spelled: string): T {
  const read = (raw: unknown): Either<readonly CodecIssue[], T> =>
    mapLeft((errors: t.Errors) => errors as CodecIssue[])(codec.decode(raw));
  const asText = read(text);
  const mayBeNumber = isLeft(asText) && asText.left.some(({ code }) => code === 'wrong-type');
  const result = mayBeNumber ? read(new Reference(text, text)) : asText;
  if (!isLeft(result)) return result.right;
  const [{ expected, hint } = { expected: codec.name, hint: undefined }] = result.left;
  throw new ElpisError('ELPIS_USAGE', `${spelled}: expected ${expected}, got ${excerpt(text)}`, { hint });
}

/** An option that is on when it is given. */
export function flag(doc: string, short?: string): Option<boolean> {
  const read = (written: readonly string[]): boolean => written.length > 0;
  return { use: 'flag', doc, placeholder: '', required: false, read, ...defined({ short }) };
}

/** Further properties of an option with a value. */
interface ValueOptions {
  /** The text that is used when the option is absent. Default: the value is then undefined. */
  readonly fallback?: string;
  /** One letter that means the same. */
  readonly short?: string;
}

/**
 * An option with a value. When it is given twice, the last counts.
 *
 * @example
 * const options = { for: value('duration', duration, 'length of the run', { fallback: '30s' }) };
 */
export function value<T>(
  placeholder: string,
  codec: Codec<T>,
  doc: string,
  written: ValueOptions & { readonly fallback: string },
): Option<T>;
export function value<T>(
  placeholder: string,
  codec: Codec<T>,
  doc: string,
  written?: ValueOptions,
): Option<T | undefined>;
export function value<T>(
  placeholder: string,
  codec: Codec<T>,
  doc: string,
  { fallback, ...rest }: ValueOptions = {},
): Option<T | undefined> {
  const read = (written: readonly string[], spelled: string): T | undefined => {
    const text = written.at(-1) ?? fallback;
    return text === undefined ? undefined : decoded(codec, text, spelled);
  };
  const option: Option<T | undefined> = { use: 'value', doc, placeholder, required: false, read, ...rest };
  return fallback === undefined ? option : { ...option, fallback };
}

/**
 * An option whose value may be left out. `--name` alone is the fallback; `--name=value` always is the value, and `--name value` is it when it
 * matches `mayFollow`, so that a file name after the option stays an argument.
 */
export function optionalValue<T>(
  placeholder: string,
  codec: Codec<T>,
  doc: string,
  { fallback, mayFollow }: { readonly fallback: string; readonly mayFollow: RegExp },
): Option<T | undefined> {
  const read = (written: readonly string[], spelled: string): T | undefined => {
    const text = written.at(-1);
    return text === undefined ? undefined : decoded(codec, text === '' ? fallback : text, spelled);
  };
  return { use: 'value', doc, placeholder, required: false, read, mayFollow };
}

/** An option that must be given. */
export function requiredValue<T>(placeholder: string, codec: Codec<T>, doc: string): Option<T> {
  const read = (written: readonly string[], spelled: string): T => decoded(codec, written.at(-1) ?? '', spelled);
  return { use: 'value', doc, placeholder, required: true, read };
}

/** An option with a value that may be repeated. */
export function list<T>(placeholder: string, codec: Codec<T>, doc: string): Option<readonly T[]> {
  const read = (written: readonly string[], spelled: string): readonly T[] =>
    allOrErrors(written, (text) => decoded(codec, text, spelled));
  return { use: 'list', doc, placeholder, required: false, read };
}

/** An argument that may be left out. */
export function argument(doc: string): Option<string | undefined> {
  return { use: 'argument', doc, placeholder: '', required: false, read: ([text]) => text };
}

/** An argument. */
export function requiredArgument(doc: string): Option<string> {
  return { use: 'argument', doc, placeholder: '', required: true, read: ([text = '']) => text };
}

/** Lets a config that is read from a URL load modules; without it, such a config is refused. */
export const ALLOW_PLUGINS = {
  allowPlugins: flag('let a config from a URL load modules of this machine'),
};

/** The config that a command reads. */
export const configArgument = argument(
  'config file (.yaml, .yml, .json, .toml, .ts, .js), URL, or - for stdin; by default load.* in ./, ./config or /etc/pandora',
);
