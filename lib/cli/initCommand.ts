import { writeFile } from 'node:fs/promises';
import { exampleConfig } from '../config/exampleConfig.js';
import { blame } from '../core/blame.js';
import { ElpisError } from '../core/errors.js';
import { EXIT_CODES } from './exitCodes.js';
import { type Io, printError } from './terminal.js';

/** `elpis init`: writes an example config that runs unchanged against `elpis target`. */
export async function initCommand(
  file: string,
  { target, force = false }: { readonly target: string; readonly force?: boolean },
  io: Io,
): Promise<number> {
  try {
    await writeFile(file, exampleConfig({ target }), { flag: force ? 'w' : 'wx' });
  } catch (error) {
    const exists = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    const fault = exists
      ? new ElpisError('ELPIS_USAGE', `${file} already exists; --force replaces it`)
      : blame(error, {}, { code: 'ELPIS_SINK', what: `${file} cannot be written` });
    printError(fault, io);
    return EXIT_CODES.badUsage;
  }
  io.stdout.write(`wrote ${file}\n\nTry it:\n  elpis target &      a server to shoot at\n  elpis run ${file}\n`);
  return EXIT_CODES.ok;
}
