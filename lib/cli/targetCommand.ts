import { firstValueFrom } from 'rxjs';
import { startTarget } from '../target/target.js';
import { EXIT_CODES } from './exitCodes.js';
import { type SignalSource, signals } from './signals.js';
import { type Io, printError } from './terminal.js';

/** `elpis target`: serves until it receives a signal, which is its normal end. */
export async function targetCommand(
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
