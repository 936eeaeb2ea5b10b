import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Observable } from 'rxjs';
import { ElpisError } from '../../core/errors.js';
import type { FromShare, ShareLink, ToShare } from '../protocol.js';

/** A message of one of the shares of a process. */
export interface Addressed<T> {
  /** From 0 in each process. */
  readonly share: number;
  readonly message: T;
}

/** What the process of shares gets first: the number of its shares. */
export interface ProcessTask {
  readonly shares: number;
}

function processFile(): string {
  const built = fileURLToPath(new URL('./shareProcess.js', import.meta.url));
  return existsSync(built) ? built : fileURLToPath(new URL('./shareProcess.ts', import.meta.url));
}

/** The shares of a process that are not closed. The process ends when there are none. */
class ProcessShares {
  readonly #process: ChildProcess;
  readonly #open = new Set<number>();

  constructor(count: number) {
    // Its signals are those of the coordinator, which drains all shares.
    this.#process = fork(processFile(), { serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.#process.setMaxListeners(0);
    // An error of sending means that the process is gone, which its exit reports.
    this.#process.on('error', () => undefined);
    for (let share = 0; share < count; share++) this.#open.add(share);
    const task: ProcessTask = { shares: count };
    this.#process.send(task);
  }

  linkOf(share: number): ShareLink {
    const child = this.#process;
    return {
      send: (message) => this.#send({ share, message }),
      messages: new Observable<FromShare>((subscriber) => {
        const next = (addressed: Addressed<FromShare>): void => {
          if (addressed.share === share) subscriber.next(addressed.message);
        };
        const exit = (code: number | null, signal: string | null): void => {
          const how = signal === null ? `exited with code ${code}` : `was ended by ${signal}`;
          if (code === 0) subscriber.complete();
          else subscriber.error(new ElpisError('ELPIS_SHARE', `its process ${how}`));
        };
        if (child.exitCode !== null || child.signalCode !== null) exit(child.exitCode, child.signalCode);
        child.on('message', next).on('exit', exit);
        return () => child.off('message', next).off('exit', exit);
      }),
      close: () => this.#close(share),
    };
  }

  #send(message: Addressed<ToShare>): void {
    if (this.#process.connected) this.#process.send(message, () => undefined);
  }

  #close(share: number): void {
    this.#open.delete(share);
    if (this.#open.size === 0) this.#process.kill('SIGKILL');
  }
}

/** Starts a process that plays several shares. It is ended when the links of all of them are closed. */
export function startProcess(shares: number): readonly ShareLink[] {
  const started = new ProcessShares(shares);
  return Array.from({ length: shares }, (_, share) => started.linkOf(share));
}
