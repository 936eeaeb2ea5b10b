import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { CodecIssue } from '../codec/issue.js';
import type { IssueSource } from '../codec/report/document.js';
import { type ReferenceSource, substitute } from '../codec/text/substitute.js';
import { defined } from '../core/defined.js';
import type { ElpisError } from '../core/errors.js';
import { Redactor } from '../core/redact.js';
import type { Bytes } from '../core/units.js';
import { isUserMap } from '../plugin/userValue.js';
import { type Overrides, overridden } from './overrides.js';
import { isRemote, type ReadDocument, readLocation } from './read/readLocation.js';

/** The location of a document, or the value from which it was made. */
export type DocumentSource =
  | { readonly location: string | undefined; readonly stdinText?: string }
  | {
      readonly value: unknown;
      /** Its `${...}` references stand for nothing else. */
      readonly asWritten?: boolean;
    };

/**
 * The first stage of a config: its text with the place of every value, and its values with `${...}` references
 * replaced.
 */
export interface Document extends IssueSource {
  /** The values. */
  readonly value: unknown;
  /** The issues so far: references without a value, aliases without an anchor, values that contain themselves. */
  readonly issues: readonly CodecIssue[];
  /** The folder in which its modules are searched: that of the file, or the working directory. */
  readonly baseDir: string;
  /** True when it came from another machine, whose configs must not load modules by default. */
  readonly remote: boolean;
  readonly source: DocumentSource;
  /** The working directory that it was read with, when that is not the one of the process. */
  readonly cwd?: string;
  /** Replacements of its values, and changes of its rates. */
  readonly overrides?: Overrides | undefined;
  /** The sources of the values of its `${...}` references, also of those in files that it names. */
  readonly references: ReferenceSource;
  /** Hides the values of its `${...}` references. */
  readonly redactor: Redactor;
}

/** Options of reading a document. */
export interface DocumentOptions {
  /** Environment variables, for `${NAME}`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Read when the location is `-`. Default: nothing. */
  readonly stdin?: AsyncIterable<Uint8Array | string>;
  /** Working directory. Default: that of the process. */
  readonly cwd?: string;
  /** Values that replace values of the config. Default: none. */
  readonly overrides?: Overrides | undefined;
}

/** Largest properties file. */
const MAX_PROPERTIES_SIZE: Bytes = 1024 * 1024;

/** The text of a properties file: a regular file of bounded size, since a device or a pipe may never end. */
function readProperties(path: string): string {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!fstatSync(file).isFile()) throw new Error('it is not a regular file');
    const bytes = Buffer.alloc(MAX_PROPERTIES_SIZE + 1);
    let size = 0;
    for (let more = 1; more > 0 && size < bytes.length; size += more)
      more = readSync(file, bytes, size, bytes.length - size, null);
    if (size > MAX_PROPERTIES_SIZE) throw new Error(`it is larger than ${MAX_PROPERTIES_SIZE} bytes`);
    return bytes.toString('utf8', 0, size);
  } finally {
    closeSync(file);
  }
}

/** The sources of the values of `${...}` references: the environment, and properties files relative to the working directory. */
export function referencesIn({ env, cwd = '.' }: DocumentOptions): ReferenceSource {
  return { env, readFile: (path) => readProperties(resolve(cwd, path)), used: { env: new Set(), files: new Set() } };
}

/**
 * A config value as a document. It has no text, and therefore no places.
 *
 * @param options For the references in files that it names. Default: none has a value.
 */
export function valueDocument(value: unknown, options: DocumentOptions = { env: {} }): Document {
  return {
    name: 'config',
    written: value,
    value,
    place: () => undefined,
    issues: [],
    baseDir: resolve('.'),
    remote: false,
    source: { value, asWritten: true },
    references: referencesIn(options),
    redactor: new Redactor(),
  };
}

/** Replaces the references in a document that was read. */
function substituted(read: ReadDocument, source: DocumentSource, options: DocumentOptions): Document {
  const references = referencesIn(options);
  const { value, issues, resolved, secrets } = substitute(read.written, references, isUserMap);
  return {
    ...read,
    value,
    issues: [...read.issues, ...issues],
    substituted: resolved,
    remote: 'location' in source && source.location !== undefined && isRemote(source.location),
    source,
    references,
    redactor: new Redactor(secrets),
    ...defined({ overrides: options.overrides, cwd: options.cwd }),
  };
}

/**
 * Reads a config as values. Nothing is checked yet, and no module is loaded.
 *
 * @param source A location: a file (`.yaml`, `.yml`, `.json`, `.toml`, `.ts`, `.js`, `.mjs`; YAML without an extension), an
 *   http(s) address, `-` for standard input, or undefined for the first `load.*` in `./`, `./config` and
 *   `/etc/pandora`. Or a URL, also `file:`. Or plain data, or a value of `defineConfig`.
 */
export function readDocument(source: unknown, options: DocumentOptions): TE.TaskEither<ElpisError, Document> {
  const cwd = resolve(options.cwd ?? '.');
  if (source !== undefined && typeof source !== 'string' && !(source instanceof URL)) {
    const read = { ...valueDocument(source), baseDir: cwd };
    return pipe(
      overridden<ReadDocument>(read, options.overrides),
      TE.map((changed) => substituted(changed, { value: source }, options)),
    );
  }
  const location = source instanceof URL ? (source.protocol === 'file:' ? fileURLToPath(source) : source.href) : source;
  return pipe(
    readLocation(location, { stdin: options.stdin ?? [], cwd }),
    // Standard input can be read only once: its text is kept for other threads.
    TE.chain((read) => {
      const kept = location === '-' && read.text !== undefined ? { stdinText: read.text } : {};
      return pipe(
        overridden(read, options.overrides),
        TE.map((changed) => substituted(changed, { location, ...kept }, options)),
      );
    }),
    TE.mapLeft((error) => new Redactor().error(error)),
  );
}
