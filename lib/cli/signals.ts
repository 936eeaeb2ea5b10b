import type { EventEmitter } from 'node:events';
import { fromEvent, map, merge, type Observable, scan, share } from 'rxjs';
import type { Millis } from '../core/units.js';
import type { TerminalRestore } from '../observers/screen/screenRun.js';
import { EXIT_CODES } from './exitCodes.js';

/** A request to end the run: the time limit of shots under way, and the exit code of the process. */
export interface Interruption {
  readonly signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP';
  readonly limitMs: Millis;
  readonly exitCode: number;
}

/** An emitter of signals: a process, or an emitter in a test. */
export interface SignalSource extends Pick<EventEmitter, 'addListener' | 'removeListener'> {
  /** Resolves when the watchdog runs, which starts with the first listener, or cannot be started. Default: there is none. */
  readonly watched?: Promise<void>;
  /** Tells the watchdog how to restore the terminal before it kills the process. Default: there is none. */
  readonly onTerminal?: (restore: TerminalRestore | undefined) => void;
}

const GRACE_MS = { SIGINT: 30_000, SIGTERM: 3_000, SIGHUP: 3_000 } as const;
const EXIT = {
  SIGINT: EXIT_CODES.interrupted,
  SIGTERM: EXIT_CODES.terminated,
  SIGHUP: EXIT_CODES.hungUp,
} as const;

/**
 * Signals as a stream of interruptions: SIGINT lets shots under way finish for up to 30 s, SIGTERM for up to 3 s
 * (Pandora's limits), SIGHUP (the terminal was closed) as SIGTERM. A second signal of any kind ends them at once. The first
 * decides the exit code.
 */
export function signals(source: SignalSource): Observable<Interruption> {
  const of = (signal: Interruption['signal']): Observable<Interruption['signal']> =>
    fromEvent(source, signal).pipe(map(() => signal));
  return merge(of('SIGINT'), of('SIGTERM'), of('SIGHUP')).pipe(
    scan<Interruption['signal'], Interruption | undefined>(
      (before, signal) => ({
        signal,
        limitMs: before === undefined ? GRACE_MS[signal] : 0,
        exitCode: before?.exitCode ?? EXIT[signal],
      }),
      undefined,
    ),
    map((interruption) => interruption as Interruption),
    share(),
  );
}
