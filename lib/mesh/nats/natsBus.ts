import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import type { ReadableStream as WebStream } from 'node:stream/web';
import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import type { ConnectionOptions, NatsConnection } from '@nats-io/nats-core';
import type { ObjectStore } from '@nats-io/obj';
import { Observable, Subject } from 'rxjs';
import { describeError } from '../../core/errorContext.js';
import { ElpisError } from '../../core/errors.js';
import type { Millis } from '../../core/units.js';
import type { Bus, BusMessage, FileStore, StoredMessage } from '../bus.js';

/** The address of NATS, and what it needs to know. Nothing of it is ever part of a message, a record or a log. */
export interface NatsOptions {
  /** `nats://host:port` or `tls://host:port` each. */
  readonly servers: readonly string[];
  /** The group, which names the stream and the bucket of files. */
  readonly group: string;
  /** A file of credentials as `nsc` writes it (`.creds`), or one with `user` and `password`, or `token`, in lines of `key: value`. */
  readonly credentials?: string | undefined;
  readonly tls?: TlsFiles | undefined;
  /** The name of the connection in the monitoring of NATS. */
  readonly name: string;
  /** A coordinator makes the stream and the bucket of the group when they do not exist. */
  readonly create: boolean;
}

/** The files of TLS. */
export interface TlsFiles {
  /** The certificates of the authorities that have signed that of the server. */
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

const CONNECT_MS: Millis = 5000;
/** A request to JetStream without a response for so long has failed. */
const REQUEST_MS: Millis = 2000;
/** The connection is tried again so often. */
const RECONNECT_MS: Millis = 250;
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

function readSecret(path: string, what: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new ElpisError('ELPIS_MESH', `${what}: ${describeError(cause)}`, { cause });
  }
}

/** The login of a file of lines `user: ...`, `password: ...`, `token: ...`. */
function loginOf(text: string): Pick<ConnectionOptions, 'user' | 'pass' | 'token'> {
  const value = (key: string): string | undefined => new RegExp(`^${key}\\s*[:=]\\s*(.+?)\\s*$`, 'm').exec(text)?.[1];
  const [user, pass, token] = [value('user'), value('password'), value('token')];
  if (token !== undefined) return { token };
  if (user !== undefined && pass !== undefined) return { user, pass };
  throw new ElpisError('ELPIS_MESH', 'the file of credentials has neither a JWT, nor user and password, nor a token', {
    hint: 'write the lines user: NAME and password: SECRET, or use the .creds file of nsc',
  });
}

async function connected(options: NatsOptions): Promise<NatsConnection> {
  const { connect, credsAuthenticator } = await import('@nats-io/transport-node');
  const { credentials, tls, servers, name } = options;
  const secret = credentials === undefined ? undefined : readSecret(credentials, 'the file of credentials');
  const isJwt = secret?.includes('BEGIN NATS USER JWT') === true;
  const read = (path: string | undefined, what: string): string | undefined =>
    path === undefined ? undefined : readSecret(path, what);
  const files = { ca: read(tls?.ca, 'tls.ca'), cert: read(tls?.cert, 'tls.cert'), key: read(tls?.key, 'tls.key') };
  const given = Object.fromEntries(Object.entries(files).filter(([, text]) => text !== undefined));
  try {
    return await connect({
      ...{ servers: [...servers], name, timeout: CONNECT_MS, reconnectTimeWait: RECONNECT_MS },
      ...{ maxReconnectAttempts: -1, pingInterval: 5000, maxPingOut: 2, ignoreAuthErrorAbort: false },
      ...(secret === undefined
        ? {}
        : isJwt
          ? { authenticator: credsAuthenticator(new TextEncoder().encode(secret)) }
          : loginOf(secret)),
      ...(tls === undefined && !servers.some((server) => server.startsWith('tls://')) ? {} : { tls: given }),
    });
  } catch (cause) {
    const where = servers.map((server) => server.replace(/\/\/[^@/]*@/, '//')).join(', ');
    throw new ElpisError('ELPIS_MESH', `no connection to NATS at ${where}: ${describeError(cause)}`, {
      cause,
      hint: 'start one with nats-server -js; check the address, the credentials and tls',
    });
  }
}

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

  constructor(
    private readonly connection: NatsConnection,
    private readonly client: JetStreamClient,
    private readonly manager: JetStreamManager,
    private readonly stream: string,
    openFiles: () => Promise<FileStore>,
  ) {
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
    const { seq } = await this.client.publish(subject, data, { msgID: id, timeout: REQUEST_MS });
    return seq;
  }

  async next(subject: string, after: number): Promise<StoredMessage | undefined> {
    return this.#stored({ seq: after + 1, next_by_subj: subject });
  }

  async last(subject: string): Promise<StoredMessage | undefined> {
    return this.#stored({ last_by_subj: subject });
  }

  async close(): Promise<void> {
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
    const found = await this.manager.streams.getMessage(this.stream, query);
    return found === null ? undefined : { subject: found.subject, data: found.data, position: found.seq };
  }
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
  const connection = await connected(options);
  try {
    const [{ jetstream, jetstreamManager }, { Objm }] = await Promise.all([
      import('@nats-io/jetstream'),
      import('@nats-io/obj'),
    ]);
    const client = jetstream(connection, { timeout: REQUEST_MS });
    const manager = await jetstreamManager(connection, { timeout: REQUEST_MS, checkAPI: false });
    if (options.create) await ensureStream(manager, options.group);
    return new NatsBus(connection, client, manager, streamOf(options.group), async () => {
      const objects = new Objm(client);
      const bucket = bucketOf(options.group);
      const store = options.create
        ? await objects.create(bucket, { ttl: KEEP_MS * NANOS })
        : await objects.open(bucket);
      return new NatsFiles(store);
    });
  } catch (cause) {
    await connection.close();
    throw new ElpisError('ELPIS_MESH', `JetStream of NATS cannot be used: ${describeError(cause)}`, {
      cause,
      hint: 'start NATS with -js, and give the user the permissions of docs/MANY-MACHINES.md',
    });
  }
}
