import { Writable } from 'node:stream';
import type { DataSink } from '../core/data.js';
import { unpackError } from '../core/packedError.js';
import type { Descriptor } from '../plugin/descriptor.js';
import { Registry } from '../plugin/registry.js';
import type { FromShare, SinkFailure, ToShare } from './protocol.js';

type Done = (error?: Error) => void;

function errorOf({ message, code, packed }: SinkFailure): Error {
  if (packed !== undefined) return unpackError(packed);
  return Object.assign(new Error(message), code === undefined ? {} : { code });
}

/** A sink whose bytes go to the coordinator. At most `credit` of them are under way; the next chunk waits, and so its writer. */
class LinkSink {
  #underWay = 0;
  #failure: Error | undefined;
  /** Waits for acknowledgements: an open, a chunk for which there is no credit, or the end. */
  #waiting: { readonly ready: () => boolean; readonly go: Done } | undefined;
  readonly stream: Writable;

  constructor(
    id: number,
    private readonly link: LinkSinks,
    open: { readonly name: string; readonly config: unknown },
  ) {
    this.stream = new Writable({
      construct: (done) => {
        this.#ask({ type: 'sink-open', id, ...open }, done);
      },
      write: (bytes: Buffer, _encoding, done) => {
        const room = (): boolean => this.#underWay === 0 || this.#underWay + bytes.length <= link.credit;
        const send = (): void => {
          this.#underWay += bytes.length;
          link.send({ type: 'sink-write', id, chunk: Uint8Array.from(bytes) });
        };
        if (!room()) link.waits++;
        this.#when(room, done, send);
      },
      final: (done) =>
        this.#when(
          () => this.#underWay === 0,
          (error) => (error === undefined ? this.#ask({ type: 'sink-end', id }, done) : done(error)),
        ),
      destroy: (error, done) => {
        link.forget(id);
        done(error);
      },
    });
  }

  acknowledge(bytes: number, failure: SinkFailure | undefined): void {
    this.#underWay -= bytes;
    if (failure !== undefined) this.#failure ??= errorOf(failure);
    const waiting = this.#waiting;
    if (waiting === undefined) {
      if (this.#failure !== undefined) this.stream.destroy(this.#failure);
      return;
    }
    if (this.#failure === undefined && !waiting.ready()) return;
    this.#waiting = undefined;
    waiting.go(this.#failure);
  }

  #ask(message: FromShare, done: Done): void {
    this.#waiting = { ready: () => true, go: done };
    this.link.send(message);
  }

  #when(ready: () => boolean, done: Done, act: () => void = () => undefined): void {
    const go: Done = (error) => {
      if (error === undefined) act();
      done(error);
    };
    if (this.#failure !== undefined || ready()) go(this.#failure);
    else this.#waiting = { ready, go };
  }
}

/** The sinks of a share: what is written goes over the link to the coordinator, which writes it to the one real sink. */
export class LinkSinks {
  readonly #sinks = new Map<number, LinkSink>();
  #next = 0;
  /** Bytes of a sink that may be under way. */
  credit = Number.POSITIVE_INFINITY;
  /** How often a write waited for credit. */
  waits = 0;

  constructor(readonly send: (message: FromShare) => void) {}

  /** A stand-in for the real sink of that component and options. */
  sink(name: string, config: unknown, label: string): DataSink {
    return {
      name: label,
      open: () => {
        const id = this.#next++;
        const sink = new LinkSink(id, this, { name, config });
        this.#sinks.set(id, sink);
        return sink.stream;
      },
    };
  }

  acknowledge({ id, bytes, failure }: Extract<ToShare, { type: 'sink-ack' }>): void {
    this.#sinks.get(id)?.acknowledge(bytes, failure);
  }

  forget(id: number): void {
    this.#sinks.delete(id);
  }
}

/** The same components, but what is written to their sinks goes over the link. */
export function shareRegistry(components: Registry, sinks: LinkSinks): Registry {
  const registry = new Registry();
  for (const descriptor of components.all()) {
    if (descriptor.kind !== 'sink') {
      registry.register(descriptor as Descriptor<typeof descriptor.kind, unknown>);
      continue;
    }
    const { name, create } = descriptor;
    registry.register({
      ...descriptor,
      create: (config, deps) => sinks.sink(name, config, create(config, deps).name),
    });
  }
  return registry;
}
