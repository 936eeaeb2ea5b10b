import { Readable } from 'node:stream';
import type { ReadableStream as WebStream } from 'node:stream/web';
import type { JetStreamApiError, JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import type { ObjectStore } from '@nats-io/obj';
import { EMPTY, from, mergeMap, Observable, of, Subject } from 'rxjs';
import { describeError } from '../../core/errorContext.js';
import { ElpisError } from '../../core/errors.js';
import type { Millis } from '../../core/units.js';
import type { Bus, BusMessage, FileStore, Repeater, RepeatOptions, StoredMessage } from '../bus.js';
import { connectNats } from './connectNats.js';
import type { ConnectOptions } from './connectOptions.js';
import { ThreadRepeater } from './threadRepeater.js';

/** Options of {@link natsBus}. */
export interface NatsOptions extends ConnectOptions {
  /** The group, which names the stream and the bucket of files. */
  readonly group: string;
  /** A coordinator makes the stream and the bucket of the group when they do not exist. */
  readonly create: boolean;
}

/** A request to JetStream without a response for so long has failed. */
const REQUEST_MS: Millis = 2000;
const NANOS = 1e6;
/** How long the journal and the files are kept. */
const KEEP_MS: Millis = 24 * 3_600_000;
/** The largest journal of a group; older messages are dropped. */
const MAX_JOURNAL_BYTES = 1024 * 1024 * 1024;
/** A message with the same id is stored once in this time. */
const DUPLICATES_MS: Millis = 120_000;

/** The names of the stream and of the bucket of files of a group. */
export const streamOf = (group: string): string => `ELPIS_${group}`;
const bucketOf = (group: string): string => `elpis_${group}_files`;

class NatsFiles implements FileStore {
  constructor(private readonly store: ObjectStore) {}

  async has(name: string): Promise<boolean> {
    const info = await this.store.info(name);
    return info !== null && !info.deleted;
  }

  async put(name: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
    await this.store.put({ name }, Readable.toWeb(Readable.from(bytes)) as globalThis.ReadableStream<Uint8Array>);
  }

  async get(name: string): Promise<AsyncIterable<Uint8Array> | undefined> {
    const found = await this.store.get(name);
    return found === null ? undefined : Readable.fromWeb(found.data as WebStream<Uint8Array>);
  }
}

/** The store of the files, opened at its first use: not every command uses files. */
function lazyFiles(open: () => Promise<FileStore>): FileStore {
  let opened: Promise<FileStore> | undefined;
  const store = (): Promise<FileStore> => {
    opened ??= open();
    return opened;
  };
  return {
    has: async (name) => (await store()).has(name),
    put: async (name, bytes) => (await store()).put(name, bytes),
    get: async (name) => (await store()).get(name),
  };
}

class NatsBus implements Bus {
  readonly files: FileStore;
  readonly reconnected: Observable<void>;
  readonly ended: Observable<ElpisError>;
  #closing = false;

  constructor(
    private readonly connection: NatsConnection,
    private readonly client: JetStreamClient,
    private readonly manager: JetStreamManager,
    private readonly options: NatsOptions,
    private readonly apiError: typeof JetStreamApiError,
    openFiles: () => Promise<FileStore>,
  ) {
    this.ended = from(connection.closed()).pipe(
      mergeMap((error) => (this.#closing ? EMPTY : of(connectionEnded(error ?? undefined)))),
    );
    this.files = lazyFiles(openFiles);
    const reconnected = new Subject<void>();
    this.reconnected = reconnected;
    void (async () => {
      for await (const { type } of connection.status()) if (type === 'reconnect') reconnected.next();
      reconnected.complete();
    })();
  }

  get maxBytes(): number {
    return this.connection.info?.max_payload ?? 1024 * 1024;
  }

  publish(subject: string, data: Uint8Array): void {
    if (!this.connection.isClosed()) this.connection.publish(subject, data);
  }

  repeat(options: RepeatOptions): Repeater {
    return new ThreadRepeater(this.options, options, (subject, data) => this.publish(subject, data));
  }

  subscribe(subject: string): Observable<BusMessage> {
    return new Observable<BusMessage>((subscriber) => {
      const subscription = this.connection.subscribe(subject, {
        callback: (error, message) => {
          if (error === null) subscriber.next({ subject: message.subject, data: message.data });
          else subscriber.error(new ElpisError('ELPIS_MESH', `${subject}: ${describeError(error)}`, { cause: error }));
        },
      });
      void subscription.closed.then(() => subscriber.complete());
      return () => subscription.unsubscribe();
    });
  }

  async append(subject: string, id: string, data: Uint8Array): Promise<number> {
    try {
      const { seq } = await this.client.publish(subject, data, { msgID: id, timeout: REQUEST_MS });
      return seq;
    } catch (error) {
      throw this.#isRefusal(error)
        ? new ElpisError('ELPIS_MESH', `NATS does not store a message: ${describeError(error)}`, {
            cause: error,
            hint: 'check the storage of JetStream, and the permissions of the user',
          })
        : error;
    }
  }

  /** True when the server has refused a request, or when no server will be asked any more. */
  #isRefusal(error: unknown): boolean {
    const forbidden = (error as Error).name === 'PermissionViolationError';
    return error instanceof this.apiError || forbidden || this.connection.isClosed();
  }

  async next(subject: string, after: number): Promise<StoredMessage | undefined> {
    return this.#stored({ seq: after + 1, next_by_subj: subject });
  }

  async last(subject: string): Promise<StoredMessage | undefined> {
    return this.#stored({ last_by_subj: subject });
  }

  async close(): Promise<void> {
    this.#closing = true;
    if (this.connection.isClosed()) return;
    // Without a connection nothing can be drained, and draining would wait for one.
    await Promise.race([this.connection.drain().catch(() => undefined), this.#closeSoon()]);
    await this.connection.close();
  }

  async #closeSoon(): Promise<void> {
    await this.connection.flush().catch(() => undefined);
  }

  async #stored(
    query: { seq: number; next_by_subj: string } | { last_by_subj: string },
  ): Promise<StoredMessage | undefined> {
    // The type of the client lacks `next_by_subj` together with `seq`, which the server has since 2.9.
    const found = await this.manager.streams.getMessage(streamOf(this.options.group), query);
    return found === null ? undefined : { subject: found.subject, data: found.data, position: found.seq };
  }
}

function connectionEnded(cause: Error | undefined): ElpisError {
  const why = cause === undefined ? '' : `: ${describeError(cause)}`;
  return new ElpisError('ELPIS_MESH', `the connection to NATS has ended for good${why}`, {
    cause,
    hint: 'check that the login is still valid',
  });
}

/** Makes the stream of a group when there is none. */
async function ensureStream(manager: JetStreamManager, group: string): Promise<void> {
  const name = streamOf(group);
  try {
    await manager.streams.info(name);
  } catch {
    await manager.streams.add({
      name,
      subjects: [`elpis.${group}.run.*.plan`, `elpis.${group}.run.*.to.*`, `elpis.${group}.run.*.from.*`],
      max_age: KEEP_MS * NANOS,
      max_bytes: MAX_JOURNAL_BYTES,
      duplicate_window: DUPLICATES_MS * NANOS,
      num_replicas: 1,
    });
  }
}

/**
 * Connects to NATS with JetStream.
 *
 * Errors with `ELPIS_MESH` when it cannot be reached, refuses the login, or has no JetStream.
 */
export async function natsBus(options: NatsOptions): Promise<Bus> {
  const connection = await connectNats(options);
  try {
    const [{ jetstream, jetstreamManager, JetStreamApiError: apiError }, { Objm }] = await Promise.all([
      import('@nats-io/jetstream'),
      import('@nats-io/obj'),
    ]);
    const client = jetstream(connection, { timeout: REQUEST_MS });
    const manager = await jetstreamManager(connection, { timeout: REQUEST_MS });
    if (options.create) await ensureStream(manager, options.group);
    return new NatsBus(connection, client, manager, options, apiError, async () => {
      const objects = new Objm(client);
      const bucket = bucketOf(options.group);
      const store = options.create
        ? await objects.create(bucket, { ttl: KEEP_MS * NANOS })
        : await objects.open(bucket);
      return new NatsFiles(store);
    });
  } catch (cause) {
    await connection.close();
    const text = describeError(cause);
    throw new ElpisError('ELPIS_MESH', `JetStream of NATS cannot be used: ${text}`, {
      cause,
      hint: /insufficient/.test(text)
        ? `the stream of a group reserves ${MAX_JOURNAL_BYTES / 2 ** 30} GiB: raise max_file_store of JetStream, or the limit of the account`
        : 'start NATS with -js, and give the user the permissions of docs/MANY-MACHINES.md',
    });
  }
}
