import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { realTimeScheduler } from '../../time/realTime.js';
import type { RepeatedMessage, Repeater, RepeatOptions } from '../bus.js';
import { packed } from '../groupMessages.js';
import type { ConnectOptions } from './connectOptions.js';

/** What the thread gets when it is started. */
export interface RepeatTask {
  readonly connection: ConnectOptions;
  readonly options: RepeatOptions;
}

function threadFile(): URL {
  const built = new URL('./repeatThread.js', import.meta.url);
  return existsSync(fileURLToPath(built)) ? built : new URL('./repeatThread.ts', import.meta.url);
}

/**
 * Repeats messages from a thread with a connection of its own. Until that thread is connected, and when it cannot connect, each `set`
 * sends the messages itself.
 */
export class ThreadRepeater implements Repeater {
  readonly #thread: Worker;
  #connected = false;

  constructor(
    connection: ConnectOptions,
    options: RepeatOptions,
    private readonly publish: (subject: string, data: Uint8Array) => void,
  ) {
    const { servers, credentials, tls, name } = connection;
    const workerData: RepeatTask = { connection: { servers, credentials, tls, name: `${name}, lease` }, options };
    this.#thread = new Worker(threadFile(), { workerData });
    this.#thread.unref();
    this.#thread.on('message', () => {
      this.#connected = true;
    });
    const gone = (): void => {
      this.#connected = false;
    };
    this.#thread.on('error', gone).on('exit', gone);
  }

  set(messages: readonly RepeatedMessage[]): void {
    if (this.#connected) {
      this.#thread.postMessage(messages);
      return;
    }
    const at = realTimeScheduler.now();
    for (const { subject, message } of messages) this.publish(subject, packed({ ...message, at }));
  }

  close(): void {
    this.#connected = false;
    void this.#thread.terminate();
  }
}
