import { readFile, stat } from 'node:fs/promises';
import { dirname, extname, isAbsolute, join, resolve } from 'node:path';
import { type Either, left, right } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { type TaskEither, tryCatch } from 'fp-ts/lib/TaskEither.js';
import type { ParsedDocument } from '../../codec/text/yaml.js';
import { defined } from '../../core/defined.js';
import { describeError } from '../../core/errorContext.js';
import { ElpisError } from '../../core/errors.js';
import { withoutCredentials } from '../../core/redact.js';
import { moduleDocument } from './moduleDocument.js';

/** The format of a config. */
export type ConfigFormat = 'yaml' | 'json' | 'toml' | 'module';

/** A format of text. */
type TextFormat = Exclude<ConfigFormat, 'module'>;

const FORMATS: Readonly<Record<string, ConfigFormat>> = {
  '': 'yaml',
  '.': 'yaml',
  '.yaml': 'yaml',
  '.yml': 'yaml',
  '.json': 'json',
  '.toml': 'toml',
  '.ts': 'module',
  '.mts': 'module',
  '.cts': 'module',
  '.js': 'module',
  '.mjs': 'module',
  '.cjs': 'module',
};

/** The format of a config file, by its extension; without one it is YAML. */
function configFormat(path: string): Either<ElpisError, ConfigFormat> {
  const extension = extname(path).toLowerCase();
  const format = FORMATS[extension];
  if (format !== undefined) return right(format);
  return left(
    new ElpisError('ELPIS_CONFIG_READ', `${path}: a config cannot be written in ${extension.slice(1)}`, {
      hint: 'use .yaml, .yml, .json, .toml, .ts, .js or .mjs',
    }),
  );
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'it is not readable: permission denied',
  EISDIR: 'it is a folder',
};

/** The error for a config that cannot be read. */
function readFault(name: string, cause: unknown, hint?: string): ElpisError {
  const { code } = Object(cause) as { readonly code?: string };
  const reason = describeError(cause).replace(/^request to .* failed, reason: /, '');
  return new ElpisError('ELPIS_CONFIG_READ', `${name}: ${REASONS[code ?? ''] ?? reason}`, {
    cause,
    ...defined({ hint }),
  });
}

const LIMIT_MS = 30_000;
const LIMIT_BYTES = 16 * 1024 * 1024;

/** The text at an http(s) address; a status other than 2xx is an error. `name` is its name in messages. */
function fetchText(url: string, name: string): TaskEither<ElpisError, string> {
  return tryCatch(
    async () => {
      const { default: fetch } = await import('node-fetch');
      const response = await fetch(url, { size: LIMIT_BYTES, signal: AbortSignal.timeout(LIMIT_MS) });
      if (!response.ok) throw new Error(`the server responded with ${response.status} ${response.statusText}`);
      return response.text();
    },
    (error) => readFault(name, error),
  );
}

const FOLDERS = ['./', './config', '/etc/pandora'];
/** Pandora's order. A file in a format that Elpis cannot read is an error, not skipped. Modules come last. */
const EXTENSIONS = 'json toml yaml yml properties props prop hcl tfvars dotenv env ini ts js mjs'.split(' ');

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    // The search treats an inaccessible file as absent.
    return false;
  }
}

async function search(cwd: string): Promise<string> {
  for (const folder of FOLDERS) {
    for (const extension of EXTENSIONS) {
      const name = join(folder, `load.${extension}`);
      if (await isFile(isAbsolute(folder) ? name : resolve(cwd, name))) return name;
    }
  }
  throw new ElpisError('ELPIS_CONFIG_READ', 'no load.yaml, load.yml, load.json, load.toml or load.ts was found', {
    hint: `name a config, or make one with elpis init; searched in ${FOLDERS.join(', ')}`,
  });
}

/** The path of the default config: the first `load.*` in `./`, `./config` and `/etc/pandora`. */
function findConfig(cwd: string): TaskEither<ElpisError, string> {
  return tryCatch(
    () => search(cwd),
    (error) => error as ElpisError,
  );
}

/** The text of a file. `name` is its name in messages. */
function readFileText(path: string, name: string): TaskEither<ElpisError, string> {
  return tryCatch(
    () => readFile(path, 'utf8'),
    (error) => readFault(name, error),
  );
}

/** The whole standard input as text. */
function readStream(stream: ReadSources['stdin']): TaskEither<ElpisError, string> {
  return tryCatch(
    async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of stream)
        chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(chunk));
      return Buffer.concat(chunks).toString('utf8');
    },
    (error) => readFault('stdin', error),
  );
}

/** A config that was read and parsed. Its references are not replaced yet. */
export interface ReadDocument extends ParsedDocument {
  /** The folder in which its modules are searched. */
  readonly baseDir: string;
}

/** The dependencies of reading. */
export interface ReadSources {
  readonly stdin: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>;
  readonly cwd: string;
}

const withBase =
  (baseDir: string) =>
  (document: ParsedDocument): ReadDocument => ({ ...document, baseDir });

/** True for an http(s) address. */
export function isRemote(location: string): boolean {
  return /^https?:\/\//i.test(location);
}

/** The parser of a format, loaded only when there is a text: a config in code needs none. */
async function parserOf(
  format: TextFormat,
): Promise<(name: string, text: string) => Either<ElpisError, ParsedDocument>> {
  if (format === 'toml') return (await import('./toml.js')).tomlDocument;
  return format === 'json'
    ? (await import('./json.js')).jsonDocument
    : (await import('../../codec/text/yaml.js')).yamlDocument;
}

function fromText(name: string, format: TextFormat) {
  return TE.chain(
    (text: string): TE.TaskEither<ElpisError, ParsedDocument> =>
      async () => {
        const parse = await parserOf(format);
        // A byte order mark at the start is ignored.
        return parse(name, text.replace(/^\uFEFF/, ''));
      },
  );
}

function readFromFile(name: string, cwd: string): TE.TaskEither<ElpisError, ReadDocument> {
  const path = resolve(cwd, name);
  return pipe(
    TE.fromEither(configFormat(name)),
    TE.chain((format) =>
      format === 'module' ? moduleDocument(path, name) : pipe(readFileText(path, name), fromText(name, format)),
    ),
    TE.map(withBase(dirname(path))),
  );
}

/**
 * Reads and parses a config: a file by its extension, `-` for standard input (always YAML), an http(s) address (JSON or TOML when
 * its path says so, else YAML), or, when nothing is named, the first `load.*` of the default folders.
 */
export function readLocation(
  location: string | undefined,
  { stdin, cwd }: ReadSources,
): TE.TaskEither<ElpisError, ReadDocument> {
  if (location === undefined)
    return pipe(
      findConfig(cwd),
      TE.chain((found) => readFromFile(found, cwd)),
    );
  if (location === '-') return pipe(readStream(stdin), fromText('stdin', 'yaml'), TE.map(withBase(cwd)));
  if (!isRemote(location)) return readFromFile(location, cwd);
  const name = withoutCredentials(location);
  const extension = /\.(json|toml)(?:[?#]|$)/i.exec(location)?.[1]?.toLowerCase();
  const format = extension === 'json' || extension === 'toml' ? extension : 'yaml';
  return pipe(fetchText(location, name), fromText(name, format), TE.map(withBase(cwd)));
}
