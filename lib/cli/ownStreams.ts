import { setImmediate as endOfTurn } from 'node:timers/promises';
import { describeError } from '../core/errorContext.js';
import { ElpisError } from '../core/errors.js';
import { EXIT_CODES } from './exitCodes.js';
import { type Io, printError } from './terminal.js';

/** The reader has closed the pipe, as `head` does. */
const PIPE_CLOSED = 'EPIPE';

/** The state of stdout and stderr. */
export interface OwnStreams {
  /** The exit code of a command that returned `code`: 1 when it was 0 and stdout could not be written. */
  codeOf(code: number): Promise<number>;
}

/**
 * Prevents that failures of the process's own streams end it. Text written to a stream without a reader is dropped
 * silently; any other failure of stdout, such as a full disk, is printed at the end.
 */
export function ownStreams(io: Io): OwnStreams {
  let failure: Error | undefined;
  io.stderr.on('error', () => undefined);
  io.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== PIPE_CLOSED) failure ??= error;
  });
  return {
    codeOf: async (code) => {
      // A stream reports a failure at the end of the turn of the write.
      await endOfTurn();
      if (failure === undefined) return code;
      const message = `standard output cannot be written: ${describeError(failure)}`;
      printError(new ElpisError('ELPIS_SINK', message, { cause: failure }), io);
      return code === EXIT_CODES.ok ? EXIT_CODES.runFailed : code;
    },
  };
}
