import { writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';

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

function kill(): void {
  const message =
    `ERROR  the process has not ended ${GRACE_MS / 1000} s after the second signal: its event loop is blocked, or the system does not ` +
    'let go of a file. It kills itself; results that were not written are lost\n';
  try {
    writeSync(2, message);
  } catch {
    // The reader of stderr has gone.
  }
  process.kill(process.pid, 'SIGKILL');
}

/** Listens for signals beside the main thread. Throws where Node has removed the binding; then there is no watch. */
function watch(): void {
  // `process.on('SIGINT')` does nothing in a thread. libuv itself delivers a signal to every loop that asks for it, and this binding is
  // the only way to ask: Node 20 and 24 show it to a thread that was started with --expose-internals.
  const { internalBinding } = hidden('internal/test/binding') as Internals;
  const { Signal } = internalBinding('signal_wrap');
  let signals = 0;
  for (const name of NAMES) {
    const handle = new Signal();
    handle.onsignal = () => {
      // biome-ignore lint/style/noRestrictedGlobals: a real timer of this thread; no clock is handed to it.
      if (++signals === 2) setTimeout(kill, GRACE_MS);
    };
    handle.start(constants.signals[name]);
  }
}

watch();
