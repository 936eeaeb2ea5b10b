import { spawnSync } from 'node:child_process';
import { write } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { parentPort } from 'node:worker_threads';
import type { TerminalRestore } from '../observers/screen/screenRun.js';

// The watchdog of a run; watchdog.ts starts it.

/** Node's handle of a signal. */
interface SignalHandle {
  unref(): void;
  onsignal: (signal: number) => void;
  start(signal: number): number;
}

interface Internals {
  internalBinding(name: 'signal_wrap'): { readonly Signal: new () => SignalHandle };
}

const hidden = createRequire(import.meta.url);

const NAMES = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const GRACE_MS = 3000;

/** Restoring the terminal and the message may take this long: a terminal that stalls does not keep the process alive. */
const LAST_MS = 500;

/** @param terminal What restores it; undefined while the screen is not shown. */
function kill(terminal: TerminalRestore | undefined): void {
  const end = (): void => {
    process.kill(process.pid, 'SIGKILL');
  };
  // biome-ignore lint/style/noRestrictedGlobals: a real timer of this thread; it has no scheduler.
  setTimeout(end, LAST_MS);
  if (terminal?.stty !== undefined)
    spawnSync('stty', [terminal.stty], { stdio: ['inherit', 'ignore', 'ignore'], timeout: LAST_MS });
  const message =
    `ERROR  the process has not ended ${GRACE_MS / 1000} s after the second signal: its event loop is blocked, or a system call on ` +
    'a file does not return. It kills itself; unwritten results are lost\n';
  // Also after an error: the reader of stderr may have closed the pipe.
  write(2, `${terminal?.text ?? ''}${message}`, end);
}

/**
 * Listens for signals in addition to the main thread. Throws when Node has removed the binding; then there is no
 * watchdog.
 */
function watch(): void {
  // `process.on('SIGINT')` does nothing in a thread. libuv delivers a signal to every loop that registers for it, and only this
  // binding can register a thread. Node 20 and 24 expose it to a thread that was started with --expose-internals.
  const { internalBinding } = hidden('internal/test/binding') as Internals;
  const { Signal } = internalBinding('signal_wrap');
  let terminal: TerminalRestore | undefined;
  parentPort?.on('message', (restore: TerminalRestore | undefined) => {
    terminal = restore;
  });
  let signals = 0;
  for (const name of NAMES) {
    const handle = new Signal();
    handle.onsignal = () => {
      // biome-ignore lint/style/noRestrictedGlobals: a real timer of this thread; it has no scheduler.
      if (++signals === 2) setTimeout(() => kill(terminal), GRACE_MS);
    };
    handle.start(constants.signals[name]);
  }
}

watch();
parentPort?.postMessage('listening');
