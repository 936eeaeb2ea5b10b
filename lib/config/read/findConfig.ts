import { stat } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { type TaskEither, tryCatch } from 'fp-ts/lib/TaskEither.js';
import { ElpisError } from '../../core/errors.js';

const FOLDERS = ['./', './config', '/etc/pandora'];
/** Pandora's order; a file that is found but can't be read here is told, not passed over. Modules come last. */
const EXTENSIONS = 'json toml yaml yml properties props prop hcl tfvars dotenv env ini ts js mjs'.split(' ');

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    // What can't be looked at isn't there, for a search.
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
  throw new ElpisError('ELPIS_CONFIG_READ', 'there is no load.yaml, load.yml, load.json or load.ts to be found', {
    hint: `name a config, or make one with elpis init; looked in ${FOLDERS.join(', ')}`,
  });
}

/** The path of the config that is used when none is named: the first `load.*` in `./`, `./config` and `/etc/pandora`. */
export function findConfig(cwd: string): TaskEither<ElpisError, string> {
  return tryCatch(
    () => search(cwd),
    (error) => error as ElpisError,
  );
}
