import { writeFile } from 'node:fs/promises';
import { type Endpoint, endpoint } from '../../codec/net.js';
import { exampleConfig } from '../../config/exampleConfig.js';
import { blame } from '../../core/blame.js';
import { ElpisError } from '../../core/errors.js';
import { argument, command, flag, value } from '../command.js';
import { EXIT_CODES } from '../exitCodes.js';
import { type Io, printError } from '../terminal.js';

async function writeExample(
  file: string,
  { target, force }: { readonly target: Endpoint; readonly force: boolean },
  io: Io,
): Promise<number> {
  try {
    await writeFile(file, exampleConfig({ target: target.text }), { flag: force ? 'w' : 'wx' });
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

/** `elpis init`: writes an example config that runs unchanged against `elpis target`. */
export const initCommand = command({
  name: 'init',
  describe: 'write an example config that runs against the bundled target',
  options: {
    file: argument('the file; load.yaml when it is left out'),
    target: value('host:port', endpoint, 'address that it shoots at', { fallback: '127.0.0.1:8080' }),
    force: flag('replace an existing file'),
  },
  run: ({ file = 'load.yaml', ...options }, io) => writeExample(file, options, io),
});
