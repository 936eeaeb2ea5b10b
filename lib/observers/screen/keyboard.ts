import { spawnSync } from 'node:child_process';
import type { Readable } from 'node:stream';
import { type Key, keysOf } from './keys.js';

/** Where keys come from: a terminal, or a stream in a test. */
export type KeySource = Readable & {
  readonly isTTY?: boolean;
  readonly fd?: number;
  setRawMode?(raw: boolean): unknown;
  ref?(): unknown;
  unref?(): unknown;
};

/**
 * Keys without Enter and without echo. Ctrl-C and Ctrl-Z stay signals of the system, so they work also while the event loop is
 * blocked; Node's own raw mode makes them characters. It is set by `stty`, and without that by Node.
 */
export class Keyboard {
  #saved: string | undefined;
  #raw = false;
  #reading = false;
  readonly #onData = (data: Buffer | string): void => {
    for (const key of keysOf(data.toString())) this.onKey(key);
  };

  constructor(
    private readonly source: KeySource,
    private readonly onKey: (key: Key) => void,
  ) {}

  /** The settings of the terminal before, in the form of `stty`; undefined when they were not changed by it. */
  get saved(): string | undefined {
    return this.#saved;
  }

  start(): void {
    if (this.#reading) return;
    this.#reading = true;
    if (this.source.isTTY === true) this.#take();
    this.source.on('data', this.#onData);
    this.source.resume();
    this.source.unref?.();
  }

  stop(): void {
    if (!this.#reading) return;
    this.#reading = false;
    this.source.off('data', this.#onData);
    this.source.pause();
    if (this.#saved !== undefined) this.#stty(this.#saved);
    if (this.#raw) this.source.setRawMode?.(false);
    this.#saved = undefined;
    this.#raw = false;
  }

  #take(): void {
    const saved = this.#stty('-g')?.trim();
    // Without flow control, Ctrl-S is no stop.
    if (saved !== undefined && this.#stty('-icanon', '-echo', '-ixon', 'min', '1', 'time', '0') !== undefined) {
      this.#saved = saved;
    } else if (this.source.setRawMode !== undefined) {
      this.source.setRawMode(true);
      this.#raw = true;
    }
  }

  /** Its output; undefined when it cannot be used. */
  #stty(...args: readonly string[]): string | undefined {
    const { status, stdout } = spawnSync('stty', args, {
      stdio: [this.source.fd ?? 0, 'pipe', 'ignore'],
      encoding: 'utf8',
    });
    return status === 0 ? stdout : undefined;
  }
}
