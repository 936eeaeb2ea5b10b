import { Readable } from 'node:stream';
import { isLeft, left, right } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { fromEither, map, type TaskEither } from 'fp-ts/lib/TaskEither.js';
import { drawIssues } from '../codec/report/configError.js';
import { issuesOf } from '../codec/report/issues.js';
import type { Config } from '../config/config.js';
import { decodeConfig } from '../config/decodeConfig.js';
import { loadConfig, loadValue } from '../config/loadConfig.js';
import { ElpisError } from '../core/errors.js';
import type { Registry } from '../plugin/registry.js';
import type { ConfigOrigin } from './protocol.js';

/** Reads a thread's config from the place of the run's config. */
export function loadOrigin(origin: ConfigOrigin, registry: Registry): TaskEither<ElpisError, Config> {
  if ('value' in origin && origin.asWritten !== true) {
    return pipe(
      loadValue(origin.value, { registry, env: process.env }),
      map(({ config }) => config),
    );
  }
  if ('value' in origin) {
    const decoded = decodeConfig(origin.value, registry);
    if (!isLeft(decoded)) return fromEither(right(decoded.right));
    const drawing = drawIssues(issuesOf(decoded.left), { name: 'config' });
    return fromEither(left(new ElpisError('ELPIS_CONFIG', drawing)));
  }
  const stdin = Readable.from(origin.stdinText === undefined ? [] : [origin.stdinText]);
  return pipe(
    loadConfig(origin.location, { registry, env: process.env, stdin, overrides: origin.overrides }),
    map(({ config }) => config),
  );
}
