import type { Writable } from 'node:stream';
import { type SchedulerLike, Subscription } from 'rxjs';
import type { Millis } from '../../core/units.js';
import type { RunEvent } from '../../engine/runEvent.js';
import type { Playback, RunHandle } from '../../engine/runHandle.js';
import type { TextStream } from '../../report/format.js';
import { RunView } from '../../view/runView.js';
import { Capture } from './capture.js';
import { Frames } from './frame.js';
import { Keyboard, type KeySource } from './keyboard.js';
import type { Key } from './keys.js';
import type { Colours } from './line.js';
import { outputTo } from './output.js';
import { type Action, FIRST_STATE, pressed } from './screenState.js';
import { LEAVE, Terminal } from './terminal.js';

/** What the screen needs of its process. */
export interface ScreenProcess {
  /** Sends a signal to the process itself. */
  signal(name: 'SIGINT' | 'SIGSTOP' | 'SIGTSTP'): void;
  /** Calls back at these events of the process until it is unsubscribed. */
  on(event: 'exit' | 'SIGTSTP' | 'SIGCONT', listener: () => void): Subscription;
}

/** What restores a terminal on which the screen is, for a process that cannot do it itself any more. */
export interface TerminalRestore {
  /** Written to stderr. */
  readonly text: string;
  /** An argument of `stty` for stdin; undefined when the keys were not changed. */
  readonly stty: string | undefined;
}

/** Options of {@link ScreenRun}. */
export interface ScreenRunOptions {
  readonly stream: TextStream;
  readonly keys: KeySource | undefined;
  /** Streams of which the text is held back while the screen is there. */
  readonly others: readonly Writable[];
  readonly colours: Colours;
  readonly scheduler: SchedulerLike;
  readonly owner: ScreenProcess;
  readonly onError: (error: unknown) => void;
  /** Called when the screen has been shown, and with `undefined` when the terminal is restored. Default: nothing. */
  readonly onTerminal?: ((restore: TerminalRestore | undefined) => void) | undefined;
}

/** 10 frames a second. */
const FRAME_MS: Millis = 100;
/** As after SIGINT: the limit of shots under way after a stop. */
const STOP_MS: Millis = 30_000;
/** The clock of a run is never so far from its last event. */
const CLOCK_MS: Millis = 5000;
/** More than the columns of a wide screen, and far less than a page keeps. */
const LIMITS = { slots: 600, values: 2_000_000, lines: 200 };

/** The screen of one run, from its first event to its last. */
export class ScreenRun {
  readonly #view = new RunView(LIMITS);
  readonly #frames = new Frames();
  readonly #terminal: Terminal;
  readonly #keyboard: Keyboard | undefined;
  readonly #capture: Capture;
  readonly #open = new Subscription();
  #state = FIRST_STATE;
  #started = false;
  #playback: Playback | undefined;

  constructor(
    private readonly options: ScreenRunOptions,
    private readonly handle: RunHandle,
  ) {
    const { stream, keys, others, colours, owner } = options;
    this.#terminal = new Terminal(outputTo(stream), colours);
    this.#keyboard = keys === undefined ? undefined : new Keyboard(keys, (key) => this.#guard(() => this.#press(key)));
    this.#capture = new Capture(others);
    const resized = (): void => this.#guard(() => this.#redraw());
    stream.on('resize', resized);
    this.#open.add(() => stream.off('resize', resized));
    this.#open.add(owner.on('exit', () => this.close()));
    this.#open.add(owner.on('SIGTSTP', () => this.#suspend()));
    this.#open.add(owner.on('SIGCONT', () => this.#guard(() => this.#show())));
    this.#open.add(
      handle.playback?.subscribe((playback) => {
        this.#playback = playback;
      }),
    );
    // It takes some milliseconds, so it is not done while shots are due.
    this.#keyboard?.start();
  }

  see(event: RunEvent): void {
    this.#view.add(event);
    if (event.type === 'run-finished') this.close();
    else if (event.type === 'run-started') this.#begin();
  }

  /** Restores the terminal. It does nothing a second time. */
  close(): void {
    if (this.#open.closed) return;
    this.#open.unsubscribe();
    this.#hide();
  }

  /** A run that fails before its start has no screen. */
  #begin(): void {
    this.#started = true;
    this.#guard(() => this.#show());
    this.#tick();
  }

  #show(): void {
    if (this.#open.closed || !this.#started) return;
    this.#capture.start();
    this.#terminal.enter();
    this.#keyboard?.start();
    this.options.onTerminal?.({ text: LEAVE, stty: this.#keyboard?.saved });
    this.#redraw();
  }

  #hide(): void {
    this.#keyboard?.stop();
    this.#terminal.leave();
    this.options.onTerminal?.(undefined);
    this.#capture.release();
  }

  #suspend(): void {
    this.#hide();
    this.options.owner.signal('SIGSTOP');
  }

  #tick(): void {
    this.#open.add(
      this.options.scheduler.schedule(() => {
        this.#guard(() => this.#draw());
        if (!this.#open.closed) this.#tick();
      }, FRAME_MS),
    );
  }

  #redraw(): void {
    this.#terminal.forget();
    this.#draw();
  }

  #draw(): void {
    const { stream, scheduler } = this.options;
    // The clock of the run may be another one, as when a record is played.
    const at = this.#at(scheduler.now());
    const size = { columns: Math.max(1, stream.columns ?? 80), rows: Math.max(1, stream.rows ?? 24) };
    const shown = { view: this.#view, state: this.#state, at, playback: this.#playback };
    this.#terminal.draw(this.#frames.draw(shown, size, this.#capture.lines, this.#keyboard !== undefined));
  }

  /** The moment of a frame: never before the last event, and not far after it. */
  #at(now: number): number {
    const { now: last } = this.#view;
    return now >= last && now < last + CLOCK_MS ? now : last;
  }

  #press(key: Key): void {
    if (!this.#started && key !== 'ctrl-c') return;
    const { state, action } = pressed(this.#state, key, this.#view, this.#playback);
    this.#state = state;
    if (action !== undefined) this.#act(action);
    this.#draw();
  }

  #act(action: Action): void {
    const { handle } = this;
    if (action.type === 'command') {
      if (handle.steerable) handle.command(action.command, action.pool);
      else handle.annotate('the rate of this run cannot be changed: the screen was not asked for before it started');
    } else if (action.type === 'stop') handle.stop(STOP_MS, 'stopped on the screen');
    else if (action.type === 'abort') handle.stop(0, 'aborted on the screen');
    else if (action.type === 'note') handle.annotate(action.text);
    else if (action.type === 'interrupt') this.options.owner.signal('SIGINT');
    else if (action.type === 'suspend') this.options.owner.signal('SIGTSTP');
    else this.#redraw();
  }

  /** A screen that fails restores the terminal first. */
  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.close();
      this.options.onError(error);
    }
  }
}
