import { execFileSync, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { BIN } from './elpis.js';

/** A terminal of tmux with a shell in a folder. */
export class Tmux {
  readonly #socket = `elpis-${randomUUID()}`;

  constructor(folder: string, { columns = 80, rows = 24 } = {}) {
    this.#tmux('new-session', '-d', '-x', `${columns}`, '-y', `${rows}`, '-c', folder, 'bash --norc --noprofile');
    this.type("PS1='$ '; clear", 'Enter');
  }

  #tmux(...args: readonly string[]): string {
    return execFileSync('tmux', ['-L', this.#socket, '-f', '/dev/null', ...args], { encoding: 'utf8' });
  }

  /** Starts the built command with arguments. */
  start(args: string): void {
    this.type(`${process.execPath} ${BIN} ${args}; echo "code $?"`, 'Enter');
  }

  type(...keys: readonly string[]): void {
    for (const key of keys) this.#tmux('send-keys', '--', key);
  }

  resize(columns: number, rows: number): void {
    this.#tmux('resize-window', '-x', `${columns}`, '-y', `${rows}`);
  }

  /** The text of the screen. */
  get text(): string {
    return this.#tmux('capture-pane', '-p');
  }

  /** The same with the codes of its colours. */
  get ansi(): string {
    return this.#tmux('capture-pane', '-p', '-e');
  }

  /** A variable of the terminal, such as `alternate_on`. */
  get(variable: string): string {
    return this.#tmux('display-message', '-p', `#{${variable}}`).trim();
  }

  /** The process that the shell runs, for signals. */
  get child(): number {
    return Number(execFileSync('pgrep', ['-P', this.get('pane_pid'), 'node'], { encoding: 'utf8' }).split('\n')[0]);
  }

  /** The screen once it matches; fails after 30 s with the last text. */
  async shows(pattern: RegExp): Promise<string> {
    for (let left = 300; left > 0; left--) {
      const { text } = this;
      if (pattern.test(text)) return text;
      await delay(100);
    }
    throw new Error(`no ${pattern} on the screen:\n${this.text}`);
  }

  close(): void {
    spawnSync('tmux', ['-L', this.#socket, 'kill-server']);
  }
}
