import { dirname, resolve } from 'node:path';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { ElpisError } from '../../core/errors.js';
import type { ConfigDocument } from './configDocument.js';
import { configFormat } from './configFormat.js';
import { fetchText } from './fetchText.js';
import { findConfig } from './findConfig.js';
import { moduleDocument } from './moduleDocument.js';
import { parseConfig } from './parseConfig.js';
import { readFileText } from './readFileText.js';
import { readStream } from './readStream.js';

/** A config that was read, and the folder that its modules are looked for in. */
export interface ReadConfig {
  readonly document: ConfigDocument;
  readonly baseDir: string;
}

/** What reading needs from outside. */
export interface ReadSources {
  readonly stdin: AsyncIterable<Uint8Array | string>;
  readonly cwd: string;
}

const withBase =
  (baseDir: string) =>
  (document: ConfigDocument): ReadConfig => ({ document, baseDir });

/** An address without the name and password that it may hold, for messages. */
const withoutCredentials = (address: string): string => address.replace(/^(\w+:\/\/)[^/?#]*@/, '$1');

function fromText(name: string, format: 'yaml' | 'json') {
  return TE.chainEitherK((text: string) => parseConfig(name, text, format));
}

function readFromFile(name: string, cwd: string): TE.TaskEither<ElpisError, ReadConfig> {
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
 * Reads and parses a config: a file by its extension, `-` for standard input (always YAML), an http(s) address (JSON when
 * its path says so, else YAML), or, when nothing is named, the first `load.*` of the default folders.
 */
export function readConfig(
  location: string | undefined,
  { stdin, cwd }: ReadSources,
): TE.TaskEither<ElpisError, ReadConfig> {
  if (location === undefined)
    return pipe(
      findConfig(cwd),
      TE.chain((found) => readFromFile(found, cwd)),
    );
  if (location === '-') return pipe(readStream(stdin), fromText('stdin', 'yaml'), TE.map(withBase(cwd)));
  if (!/^https?:\/\//i.test(location)) return readFromFile(location, cwd);
  const name = withoutCredentials(location);
  const format = /\.json(?:[?#]|$)/i.test(location) ? 'json' : 'yaml';
  return pipe(fetchText(location, name), fromText(name, format), TE.map(withBase(cwd)));
}
