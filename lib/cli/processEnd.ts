import type { Millis } from '../core/units.js';

/** The parts of the process for its end. */
export type EndingProcess = Pick<NodeJS.Process, 'exit' | 'kill' | 'pid' | 'getActiveResourcesInfo'> & {
  exitCode?: number | string | null | undefined;
  readonly stdout: { readonly writableLength: number };
  readonly stderr: { readonly writableLength: number; write(text: string): unknown };
};

/** The time limit for open files, sockets and timers to close after the end of a command. */
const LINGER_MS: Millis = 1000;

/** A timer that does not keep the process running. */
function unreferenced(work: () => void, ms: Millis): void {
  // biome-ignore lint/style/noRestrictedGlobals: schedulers do not have such timers.
  setTimeout(work, ms).unref();
}

/**
 * Ends the process with a code: at once when nothing is open, else after 1 s. A timer or socket of user code may be
 * open, or a file whose system call does not return (a pipe without a reader, a disk that hangs). Node cannot exit
 * during such a call, so the process then prints an error and kills itself.
 */
export function endProcess(code: number, process: EndingProcess, later = unreferenced): void {
  process.exitCode = code;
  later(() => {
    if (process.stdout.writableLength > 0 || process.stderr.writableLength > 0) endProcess(code, process, later);
    else if (!process.getActiveResourcesInfo().includes('FSReqCallback')) process.exit(code);
    else {
      process.stderr.write(
        `ERROR  a system call on a file or pipe has not returned after the end: the process kills itself instead of ending with code ${code}\n`,
      );
      process.kill(process.pid, 'SIGKILL');
    }
  }, LINGER_MS);
}
