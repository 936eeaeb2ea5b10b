import { filter, interval, map, Observable, type SchedulerLike, Subject, Subscription } from 'rxjs';
import { ElpisError } from '../../../lib/core/errors.js';
import type { Bus, BusMessage, FileStore, Repeater, RepeatOptions, StoredMessage } from '../../../lib/mesh/bus.js';

const matches = (pattern: string, subject: string): boolean => {
  const [wanted, given] = [pattern.split('.'), subject.split('.')];
  return wanted.length === given.length && wanted.every((word, i) => word === '*' || word === given[i]);
};

/** What a server of NATS keeps and passes on, in memory. */
export class MemoryServer {
  readonly stored: StoredMessage[] = [];
  readonly messages = new Subject<BusMessage>();
  readonly contents = new Map<string, Uint8Array>();
  readonly #ids = new Map<string, number>();
  /** How often a message with a known id was appended. */
  duplicates = 0;

  append(subject: string, id: string, data: Uint8Array): number {
    const known = this.#ids.get(id);
    if (known !== undefined) {
      this.duplicates++;
      return known;
    }
    const position = this.stored.length + 1;
    this.#ids.set(id, position);
    this.stored.push({ subject, data, position });
    return position;
  }
}

/** Options of a {@link MemoryBus}. */
export interface MemoryBusOptions {
  /** How long a message takes, each way. Default 0: it arrives in the call. */
  readonly delayMs?: number;
  readonly maxBytes?: number;
}

/** A connection to a {@link MemoryServer}, which can be cut. */
export class MemoryBus implements Bus {
  readonly reconnected = new Subject<void>();
  readonly ended = new Subject<ElpisError>();
  readonly maxBytes: number;
  readonly #delayMs: number;
  readonly #closed = new Subject<void>();
  /** True while nothing passes. */
  cut = false;
  /** Why the server refuses to store messages. */
  refusal: string | undefined;
  /** True while messages of `publish` and `append` are stored, and do not arrive at subscribers. */
  deaf = false;
  /** Appends that are stored, and whose acknowledgement is lost. */
  loseAcks = 0;
  published = 0;
  /** What was read from the journal. */
  readonly reads: string[] = [];

  constructor(
    readonly server: MemoryServer,
    private readonly scheduler: SchedulerLike,
    { delayMs = 0, maxBytes = 1024 * 1024 }: MemoryBusOptions = {},
  ) {
    this.maxBytes = maxBytes;
    this.#delayMs = delayMs;
  }

  #later(work: () => void): void {
    if (this.#delayMs === 0) work();
    else this.scheduler.schedule(work, this.#delayMs);
  }

  publish(subject: string, data: Uint8Array): void {
    this.published++;
    if (this.cut) return;
    this.#later(() => this.server.messages.next({ subject, data }));
  }

  /** Without a thread: the same timer as all else. */
  repeat({ everyMs }: RepeatOptions): Repeater {
    const work = new Subscription();
    let messages: Parameters<Repeater['set']>[0] = [];
    const send = (): void => {
      for (const { subject, message } of messages)
        this.publish(subject, Buffer.from(JSON.stringify({ ...message, at: this.scheduler.now() })));
    };
    let sentAt = 0;
    work.add(
      interval(everyMs, this.scheduler).subscribe(() => {
        if (this.scheduler.now() - sentAt >= everyMs) send();
      }),
    );
    return {
      set: (next) => {
        messages = next;
        sentAt = this.scheduler.now();
        send();
      },
      close: () => work.unsubscribe(),
    };
  }

  subscribe(pattern: string): Observable<BusMessage> {
    return new Observable<BusMessage>((subscriber) => {
      const arriving = this.server.messages.pipe(filter(({ subject }) => matches(pattern, subject)));
      subscriber.add(this.#closed.subscribe(() => subscriber.complete()));
      subscriber.add(
        arriving.subscribe((message) => {
          if (!this.cut && !this.deaf) this.#later(() => subscriber.next(message));
        }),
      );
    });
  }

  async append(subject: string, id: string, data: Uint8Array): Promise<number> {
    if (data.length > this.maxBytes) throw new Error('maximum payload exceeded');
    if (this.cut) throw new Error('timeout');
    if (this.refusal !== undefined) throw new ElpisError('ELPIS_MESH', this.refusal);
    const position = this.server.append(subject, id, data);
    this.#later(() => this.server.messages.next({ subject, data }));
    if (this.loseAcks > 0) {
      this.loseAcks--;
      throw new Error('timeout');
    }
    return position;
  }

  async next(pattern: string, after: number): Promise<StoredMessage | undefined> {
    this.reads.push(pattern);
    if (this.cut) throw new Error('timeout');
    return this.server.stored.find(({ subject, position }) => position > after && matches(pattern, subject));
  }

  async last(pattern: string): Promise<StoredMessage | undefined> {
    return this.server.stored.findLast(({ subject }) => matches(pattern, subject));
  }

  readonly files: FileStore = {
    has: async (name) => this.server.contents.has(name),
    put: async (name, bytes) => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of bytes) chunks.push(chunk);
      this.server.contents.set(name, Buffer.concat(chunks));
    },
    get: async (name) => {
      const content = this.server.contents.get(name);
      if (content === undefined) return undefined;
      return (async function* () {
        yield content;
      })();
    },
  };

  async close(): Promise<void> {
    this.#closed.next();
  }
}

/** The messages that are read as JSON. */
export const texts = (bus: MemoryBus, pattern: string): Observable<unknown> =>
  bus.subscribe(pattern).pipe(map(({ data }) => JSON.parse(Buffer.from(data).toString('utf8')) as unknown));
