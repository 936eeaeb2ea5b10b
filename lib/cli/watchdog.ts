import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { TerminalRestore } from '../observers/screen/screenRun.js';

function threadFile(): URL {
  const built = new URL('./watchdogThread.js', import.meta.url);
  return existsSync(fileURLToPath(built)) ? built : new URL('./watchdogThread.ts', import.meta.url);
}

/** The thread that watches. */
export interface Watchdog {
  /** What restores the terminal before the process is killed; undefined: nothing is to be restored. */
  restores(terminal: TerminalRestore | undefined): void;
}

/**
 * Starts a thread that kills the process (SIGKILL, exit code 137) when it has not ended 3 s after a second signal. It
 * has its own event loop, so it works while user code, such as an endless loop in a gun, blocks the event loop of the
 * process. The thread does not keep the process running.
 *
 * @returns Resolves when the thread listens for signals, or cannot be started: a run works without the watchdog.
 */
export function startWatchdog(): Promise<Watchdog> {
  // The option exposes a hidden binding of Node, see watchdogThread.ts.
  const execArgv = [...process.execArgv, '--expose-internals', '--no-warnings'];
  const thread = new Worker(threadFile(), { execArgv, stdout: false, stderr: false });
  return new Promise((resolve) => {
    const ready = (): void => {
      thread.unref();
      resolve({ restores: (terminal) => thread.postMessage(terminal) });
    };
    // The first message is that it listens.
    thread.once('message', ready);
    thread.on('error', ready);
    thread.on('exit', ready);
  });
}
