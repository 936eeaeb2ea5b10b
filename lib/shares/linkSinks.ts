import { Writable } from 'node:stream';
import type { SchedulerLike } from 'rxjs';
import type { DataSink } from '../core/data.js';
import { defined } from '../core/defined.js';
import { unpackError } from '../core/packedError.js';
import type { EpochMs, Millis } from '../core/units.js';
import type { Registry } from '../plugin/registry.js';
import type { FromShare, SinkFailure, ToShare } from './protocol.js';

type Done = (error?: Error) => void;

function errorOf({ message, code, packed }: SinkFailure): Error {
  if (packed !== undefined) return unpackError(packed);
  return Object.assign(new Error(message), defined({ code }));
}

/**
 * The sinks of a share. They send their bytes over the link to the coordinator, which writes them to the real sink.
 * Each sink has one write under way; the next one waits in the stream for the acknowledgement, so a slow disk slows
 * its writer as it does without shares.
 */
export class LinkSinks {
  readonly #asked = new Map<number, { readonly at: EpochMs; readonly done: Done }>();
  #next = 0;
  #longestWait: Millis = 0;

  constructor(
    private readonly send: (message: FromShare) => void,
    private readonly scheduler: SchedulerLike,
  ) {}

  /** The longest time from a request to its acknowledgement so far. */
  get longestWaitMs(): Millis {
    const now = this.scheduler.now();
    return Math.max(this.#longestWait, ...[...this.#asked.values()].map(({ at }) => now - at));
  }

  /** The share's side of the sink with that component and options. */
  sink(name: string, config: unknown, label: string): DataSink {
    return { name: label, open: () => this.#open(name, config) };
  }

  acknowledge({ id, failure }: Extract<ToShare, { type: 'sink-ack' }>): void {
    const asked = this.#asked.get(id);
    if (asked === undefined) return;
    this.#asked.delete(id);
    this.#longestWait = Math.max(this.#longestWait, this.scheduler.now() - asked.at);
    asked.done(failure === undefined ? undefined : errorOf(failure));
  }

  #open(name: string, config: unknown): Writable {
    const id = this.#next++;
    const ask = (message: FromShare, done: Done): void => {
      this.#asked.set(id, { at: this.scheduler.now(), done });
      this.send(message);
    };
    return new Writable({
      construct: (done) => ask({ type: 'sink-open', id, name, config }, done),
      write: (bytes: Buffer, _encoding, done) => ask({ type: 'sink-write', id, chunk: Uint8Array.from(bytes) }, done),
      final: (done) => ask({ type: 'sink-end', id }, done),
      destroy: (error, done) => {
        this.#asked.delete(id);
        done(error);
      },
    });
  }
}

/** The same components, but their sinks write over the link. */
export function shareRegistry(components: Registry, sinks: LinkSinks): Registry {
  return components.creating('sink', (component, options, deps) =>
    sinks.sink(component.name, options, component.create(options, deps).name),
  );
}
