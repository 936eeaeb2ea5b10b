import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { NatsConnection } from '@nats-io/nats-core';
import { realTimeScheduler } from '../../time/realTime.js';
import type { RepeatedMessage, RepeatOptions } from '../bus.js';
import { packed } from '../groupMessages.js';
import { connectNats } from './connectNats.js';
import type { RepeatTask } from './threadRepeater.js';

// The program of a thread that repeats messages. threadRepeater.ts is the other end.

class Repetition {
  #messages: readonly RepeatedMessage[] = [];
  /** When the owner has set them, and when they were sent last. */
  #setAt = realTimeScheduler.now();
  #sentAt = this.#setAt;

  constructor(
    private readonly nats: NatsConnection,
    private readonly options: RepeatOptions,
  ) {}

  set(messages: readonly RepeatedMessage[]): void {
    this.#messages = messages;
    this.#setAt = realTimeScheduler.now();
    this.#send();
  }

  /** Sends them when the owner has not set them in time. */
  again(): void {
    const { everyMs, patienceMs } = this.options;
    const now = realTimeScheduler.now();
    if (now - this.#sentAt >= everyMs && now - this.#setAt < patienceMs) this.#send();
  }

  #send(): void {
    this.#sentAt = realTimeScheduler.now();
    for (const { subject, message } of this.#messages)
      this.nats.publish(subject, packed({ ...message, at: this.#sentAt }));
  }
}

const { connection, options } = workerData as RepeatTask;
const port = parentPort as MessagePort;
const repetition = new Repetition(await connectNats(connection), options);
port.on('message', (messages: readonly RepeatedMessage[]) => repetition.set(messages));
realTimeScheduler.schedule<undefined>(function again() {
  repetition.again();
  this.schedule(undefined, options.everyMs / 2);
}, options.everyMs);
port.postMessage('connected');
