import { setImmediate as endOfTurn } from 'node:timers/promises';
import { describeError } from '../core/blame.js';
import { ElpisError } from '../core/errors.js';
import { EXIT_CODES } from './exitCodes.js';
import { type Io, printError } from './terminal.js';

/** The reader has gone, as `head` does when it has read enough. */
const GONE = 'EPIPE';

/** What became of stdout and stderr. */
export interface OwnStreams {
  /** The exit code of a command that returned `code`: 1 when it was 0 and stdout could not be written. */
  codeOf(code: number): Promise<number>;
}

/**
 * Keeps failures of the process's own streams from ending it. A stream without a reader loses what is written to it, without a
 * word; any other failure of stdout, such as a full disk, is printed at the end.
 */
export function ownStreams(io: Io): OwnStreams {
  let failure: Error | undefined;
  io.stderr.on('error', () => undefined);
  io.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== GONE) failure ??= error;
  });
  return {
    codeOf: async (code) => {
      // A stream reports a failure at the end of the turn in which it was written.
      await endOfTurn();
      if (failure === undefined) return code;
      const message = `standard output cannot be written: ${describeError(failure)}`;
      printError(new ElpisError('ELPIS_SINK', message, { cause: failure }), io);
      return code === EXIT_CODES.ok ? EXIT_CODES.runFailed : code;
    },
  };
}
