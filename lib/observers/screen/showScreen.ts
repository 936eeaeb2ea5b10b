import type { Readable, Writable } from 'node:stream';
import { Observable, type SchedulerLike, Subscription } from 'rxjs';
import type { RunObserver } from '../../engine/runEvent.js';
import { type TextStream, useColour } from '../../report/format.js';
import { realTimeScheduler } from '../../time/realTime.js';
import type { KeySource } from './keyboard.js';
import type { Colours } from './line.js';
import { type ScreenProcess, ScreenRun, type TerminalRestore } from './screenRun.js';

/** Options of {@link showScreen}. */
export interface ShowScreenOptions {
  /** A terminal. */
  readonly stream: TextStream;
  /** Where keys come from. Default: the screen has no keys. */
  readonly stdin?: Readable;
  /** Streams of the same terminal: their text is held back until the screen has gone. Default: `stream`. */
  readonly others?: readonly Writable[];
  /** Variables `TERM`, `COLORTERM`, `NO_COLOR` and `FORCE_COLOR`. Default: none. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Default: real time. */
  readonly scheduler?: SchedulerLike;
  /** Default: the process. */
  readonly process?: ScreenProcess;
  /** Called with what restores the terminal when the screen is shown, and with `undefined` when it is restored. Default: nothing. */
  readonly onTerminal?: ((restore: TerminalRestore | undefined) => void) | undefined;
}

/** The process of the terminal. */
const ownProcess: ScreenProcess = {
  signal: (name) => {
    process.kill(process.pid, name);
  },
  on: (event, listener) => {
    process.on(event, listener);
    return new Subscription(() => process.off(event, listener));
  },
};

function coloursOf(stream: TextStream, env: Readonly<Record<string, string | undefined>>): Colours {
  if (!useColour(stream, env)) return 0;
  return /256|direct|kitty|alacritty|ghostty/.test(env.TERM ?? '') || (env.COLORTERM ?? '') !== '' ? 256 : 16;
}

/**
 * Shows a run on the whole terminal, and steers it by keys: see docs/SCREEN.md. The terminal is restored when the run ends, when the
 * process ends or is suspended, and when the screen itself fails.
 */
export function showScreen({
  stream,
  stdin,
  others = [stream],
  env = {},
  scheduler = realTimeScheduler,
  process: owner = ownProcess,
  onTerminal,
}: ShowScreenOptions): RunObserver {
  return (events, handle) =>
    new Observable<never>((subscriber) => {
      const keys: KeySource | undefined = stdin;
      const screen = new ScreenRun(
        {
          ...{ stream, keys, others, scheduler, owner, colours: coloursOf(stream, env) },
          onError: (error) => subscriber.error(error),
          onTerminal,
        },
        handle,
      );
      subscriber.add(() => screen.close());
      subscriber.add(
        events.subscribe({
          next: (event) => screen.see(event),
          complete: () => subscriber.complete(),
        }),
      );
    });
}
