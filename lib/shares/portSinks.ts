import { Writable } from 'node:stream';
import type { MessagePort } from 'node:worker_threads';
import { builtins } from '../builtins/builtins.js';
import type { DataSink } from '../core/data.js';
import type { Registry } from '../plugin/registry.js';
import type { ThreadReport } from './threadMessages.js';

/**
 * The sinks of a thread: what is written goes to the coordinating thread, which writes it to the one real sink. Every
 * write waits for its acknowledgement, so a slow disk is felt here as it would be without threads.
 */
export class PortSinks {
  readonly #port: MessagePort;
  readonly #waiting = new Map<number, (error?: Error) => void>();
  #next = 0;

  constructor(port: MessagePort) {
    this.#port = port;
  }

  /** A stand-in for the real sink of that component and options. */
  sink(name: string, config: unknown, label: string): DataSink {
    return { name: label, open: () => this.#open(name, config) };
  }

  /** The coordinator has done what was asked last, or could not. */
  acknowledge(id: number, error: string | undefined): void {
    const done = this.#waiting.get(id);
    this.#waiting.delete(id);
    done?.(error === undefined ? undefined : new Error(error));
  }

  #open(name: string, config: unknown): Writable {
    const id = this.#next++;
    const ask = (report: ThreadReport, done: (error?: Error) => void, transfer: ArrayBuffer[] = []): void => {
      this.#waiting.set(id, done);
      this.#port.postMessage(report, transfer);
    };
    return new Writable({
      construct: (done) => ask({ type: 'sink-open', id, name, config }, done),
      write: (bytes: Buffer, _encoding, done) => {
        const chunk = Uint8Array.from(bytes);
        ask({ type: 'sink-write', id, chunk }, done, [chunk.buffer]);
      },
      final: (done) => ask({ type: 'sink-end', id }, done),
    });
  }
}

/** The built-in components as a thread has them: everything the same, but sinks write through the coordinating thread. */
export function threadRegistry(sinks: PortSinks): Registry {
  return builtins().creating('sink', (component, options, deps) =>
    sinks.sink(component.name, options, component.create(options, deps).name),
  );
}
