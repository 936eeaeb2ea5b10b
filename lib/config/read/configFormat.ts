import { extname } from 'node:path';
import { type Either, left, right } from 'fp-ts/lib/Either.js';
import { ElpisError } from '../../core/errors.js';

/** How a config is written. */
export type ConfigFormat = 'yaml' | 'json' | 'module';

const FORMATS: Readonly<Record<string, ConfigFormat>> = {
  '': 'yaml',
  '.': 'yaml',
  '.yaml': 'yaml',
  '.yml': 'yaml',
  '.json': 'json',
  '.ts': 'module',
  '.mts': 'module',
  '.cts': 'module',
  '.js': 'module',
  '.mjs': 'module',
  '.cjs': 'module',
};

/** The format of a config file, by its extension; without one it is YAML. */
export function configFormat(path: string): Either<ElpisError, ConfigFormat> {
  const extension = extname(path).toLowerCase();
  const format = FORMATS[extension];
  if (format !== undefined) return right(format);
  return left(
    new ElpisError('ELPIS_CONFIG_READ', `${path}: a config can not be written in ${extension.slice(1)}`, {
      hint: 'use .yaml, .yml, .json, .ts, .js or .mjs',
    }),
  );
}
