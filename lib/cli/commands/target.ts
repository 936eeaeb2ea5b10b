import { firstValueFrom } from 'rxjs';
import { atMost } from '../../codec/bounds.js';
import { nonEmpty, unsigned } from '../../codec/scalars.js';
import { startTarget } from '../../target/target.js';
import { command, value } from '../command.js';
import { EXIT_CODES } from '../exitCodes.js';
import { type SignalSource, signals } from '../signals.js';
import { type Io, printError } from '../terminal.js';

async function serve(
  options: { readonly port: number; readonly host: string; readonly seed: number },
  io: Io,
  source: SignalSource,
): Promise<number> {
  const stop = firstValueFrom(signals(source));
  try {
    const target = await startTarget(options);
    io.stdout.write(`listening on ${target.url}\n`);
    await stop;
    await target.close();
    return EXIT_CODES.ok;
  } catch (error) {
    printError(error, io);
    return EXIT_CODES.badUsage;
  }
}

/** `elpis target`: serves until it receives a signal. */
export const targetCommand = command({
  name: 'target',
  describe: 'run the bundled HTTP server, a target for tests',
  options: {
    port: value('port', atMost(unsigned, 65_535), 'port to listen on; 0 for any free port', {
      fallback: '8080',
      short: 'p',
    }),
    host: value('address', nonEmpty, 'address to listen on', { fallback: '127.0.0.1' }),
    seed: value('n', unsigned, 'seed of the random routes', { fallback: '1' }),
  },
  run: serve,
});
