import { isIP } from 'node:net';
import { concat, defer, EMPTY, from, ignoreElements, type Observable, tap } from 'rxjs';
import type { ConnectionWatch } from '../../core/connections.js';
import { defined } from '../../core/defined.js';
import type { Deps, Log } from '../../core/deps.js';
import { describeError } from '../../core/errorContext.js';
import type { Bytes } from '../../core/units.js';
import type { Schema } from '../../protobuf/schema.js';
import type { GrpcCall } from '../../protocols/grpc.js';
import { DeadlineQueue } from '../../time/deadlineQueue.js';
import { afterCallback } from '../../time/realTime.js';
import { ConnectLimiter } from '../../wire/dial/connectLimiter.js';
import type { Connector } from '../../wire/dial/connector.js';
import { type Origin, originPlace } from '../../wire/dial/origin.js';
import { socketConnector } from '../../wire/dial/socketConnector.js';
import type { TlsClient } from '../../wire/dial/tlsClient.js';
import { EncodedCache } from '../../wire/encodedCache.js';
import type { CallHeadOptions } from '../../wire/grpc/callHead.js';
import type { GrpcReceiving } from '../../wire/grpc/grpcListener.js';
import { GrpcHeads } from '../../wire/grpc/responseHead.js';
import { DEFAULT_WINDOWS } from '../../wire/http2/dataHandler.js';
import { Flusher } from '../../wire/http2/flusher.js';
import { HeadCache } from '../../wire/http2/headCache.js';
import { Http2Client } from '../../wire/http2/http2Client.js';
import { Http2Counters } from '../../wire/http2/http2Counters.js';
import { Answlog, loggedFrom } from '../shared/answlog.js';
import { doing } from '../shared/dialing.js';
import { quoted } from '../shared/exchangeText.js';
import { type ClientLease, SharedClients } from '../shared/sharedClients.js';
import { tlsClient } from '../shared/tlsOptions.js';
import { grpcAnswlog } from './answlog.js';
import { encodeCall } from './encodedCall.js';
import type { GrpcGunContext } from './exchange.js';
import { awaitHealth } from './health.js';
import type { GrpcurlTarget } from './offerCall.js';
import { callTimeout, type GrpcGunConfig } from './options.js';
import { loadSchema, type ReflectionClient } from './schemaSource.js';

/** Idle time before TCP keep-alive probes, as in Go. */
const KEEP_ALIVE = 15_000;
/** The largest message of server reflection; descriptors may be larger than the messages of calls. */
const MAX_DESCRIPTORS: Bytes = 64 * 1024 * 1024;

/** Warns of the first call of each kind that fails; the others are in the samples. */
function firstOfEach(log: Log, target: string): GrpcGunContext['failed'] {
  const seen = new Set<string>();
  return (errorName, reason, hint) => {
    if (seen.has(errorName)) return;
    seen.add(errorName);
    log.warn(`calls of ${target} fail: ${errorName}`, {
      reason: describeError(reason),
      ...(hint === undefined ? {} : { hint }),
    });
  };
}

/** As grpc-go, a connection asks for the name of the authority, and `tls.server-name` comes before it. */
function named(tls: Exclude<GrpcGunConfig['tls'], false>, authority: string): typeof tls {
  const serverName = authority.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
  return tls.serverName === '' ? { ...tls, serverName } : tls;
}

/** The context of the calls of a gRPC gun, and its clients, made from its options. Guns and transports use it. */
export class GrpcGunResources {
  readonly #config: GrpcGunConfig;
  readonly #deps: Deps;
  readonly #answlog: Answlog | undefined;
  readonly #target: Origin;
  readonly #reflected: Origin;
  readonly #tls: TlsClient | undefined;
  readonly #connect: Connector;
  readonly #heads: CallHeadOptions;
  readonly #receiving: GrpcReceiving;
  readonly #counters = new Http2Counters();
  readonly #deadlines: DeadlineQueue;
  readonly #headCache = new HeadCache();
  readonly #limiter: ConnectLimiter;
  readonly #flusher: Flusher;
  readonly #clients: SharedClients<Http2Client>;
  #context: GrpcGunContext | undefined;

  /** @param connect Opens connections. Default: over TCP, with TLS unless `tls` is false. */
  constructor(config: GrpcGunConfig, deps: Deps, connect?: Connector) {
    this.#config = config;
    this.#deps = deps;
    const { target, tls, answlog, reflectPort, dialOptions, maxReceiveSize } = config;
    const { scheduler } = deps;
    const host = target.host === '' ? 'localhost' : target.host;
    const socket = defined({ socketPath: target.socketPath });
    const remember = target.socketPath === undefined && isIP(host) === 0;
    const timeout = callTimeout(config);
    const ssl = tls !== false;
    this.#target = { host, port: target.port, ssl, remember, ...socket };
    this.#reflected = reflectPort > 0 ? { host, port: reflectPort, ssl, remember } : this.#target;
    this.#tls = tls === false ? undefined : tlsClient(named(tls, dialOptions.authority), ['h2']);
    this.#connect =
      connect ??
      socketConnector({
        scheduler,
        timeout,
        tlsHandshakeTimeout: timeout,
        dualStack: true,
        fallbackDelay: 0,
        keepAlive: KEEP_ALIVE,
        ...defined({ tls: this.#tls }),
      });
    this.#heads = {
      ssl,
      userAgent: config.userAgent,
      timeout,
      compression: config.compression,
      authority: dialOptions.authority || (target.socketPath === undefined ? originPlace(this.#target) : host),
    };
    const maxMessage = maxReceiveSize > 0 ? maxReceiveSize : Number.POSITIVE_INFINITY;
    this.#receiving = { heads: new GrpcHeads(), maxMessage };
    this.#deadlines = new DeadlineQueue(scheduler, timeout);
    this.#limiter = new ConnectLimiter(scheduler);
    this.#flusher = new Flusher(afterCallback(scheduler));
    this.#answlog = answlog.enabled ? new Answlog(answlog.path, deps.log) : undefined;
    this.#clients = new SharedClients(config.sharedClient, () => this.#client(deps.connections));
  }

  /** The context of calls. There is one after the warm-up. */
  get context(): GrpcGunContext {
    if (this.#context === undefined) throw new Error('the descriptors are loaded by the warm-up');
    return this.#context;
  }

  /** The counts by the names that the summary shows. */
  get counters(): ReadonlyMap<string, number> {
    const { retries, goaways } = this.#counters;
    return new Map([
      ['retries', retries],
      ['connections closed by goaway', goaways],
    ]);
  }

  /** Opens the answlog, reads the certificates, loads the descriptors, and asks for the health of the server. */
  warmUp(): Observable<never> {
    const { health } = this.#config;
    const limit = callTimeout(this.#config);
    return concat(
      this.#answlog?.open() ?? EMPTY,
      doing(() => this.#tls?.prepare()),
      defer(() => {
        const client = this.#client();
        const ask = this.#ask(client, this.#target);
        const checked = health.enabled ? awaitHealth(ask, { ...health, limit }, this.#deps) : EMPTY;
        const schema = defer(() => from(loadSchema(this.#config, this.#ask(client, this.#reflected), this.#deps)));
        const loaded = schema.pipe(
          tap((found) => this.#load(found)),
          ignoreElements(),
        );
        return concat(checked, loaded).pipe(tap({ finalize: () => client.close() }));
      }),
    );
  }

  /** Returns a new client, or the next one of the shared clients. */
  client(): ClientLease<Http2Client> {
    return this.#clients.lease();
  }

  /** Closes the shared clients and the answlog. */
  close(): Observable<never> {
    this.#clients.close();
    this.#deadlines.close();
    return this.#answlog?.close() ?? EMPTY;
  }

  /** Descriptors come from the same source; TLS is not checked, because the certificate may be one of the gun's own. */
  get #grpcurl(): GrpcurlTarget {
    const { proto, descriptorSet, dialOptions } = this.#config;
    const { ssl, socketPath } = this.#target;
    const paths = (proto?.importPaths ?? []).flatMap((path) => ['-import-path', quoted(path)]);
    return {
      options: [
        ssl ? '-insecure' : '-plaintext',
        ...(socketPath === undefined ? [] : ['-unix']),
        ...(dialOptions.authority === '' ? [] : ['-authority', quoted(dialOptions.authority)]),
        ...paths,
        ...(proto?.files ?? []).flatMap((file) => ['-proto', quoted(file)]),
        ...(descriptorSet === '' ? [] : ['-protoset', quoted(descriptorSet)]),
      ],
      address: socketPath ?? originPlace(this.#target),
    };
  }

  #load(schema: Schema): void {
    const { scheduler, log } = this.#deps;
    const { answlog, target } = this.#config;
    this.#context = {
      scheduler,
      target: this.#target,
      receiving: this.#receiving,
      deadlines: this.#deadlines,
      counters: this.#counters,
      connections: this.#deps.connections,
      exchanges: this.#deps.exchanges,
      grpcurl: this.#grpcurl,
      schema,
      heads: this.#heads,
      calls: new EncodedCache((call: GrpcCall) => encodeCall(call, schema, this.#heads)),
      answlog: this.#answlog === undefined ? undefined : grpcAnswlog(this.#answlog, loggedFrom(answlog)),
      failed: firstOfEach(log, target.text),
    };
  }

  #ask(client: Http2Client, origin: Origin): ReflectionClient {
    const { authority, userAgent } = this.#heads;
    const receiving = { heads: new GrpcHeads(), maxMessage: MAX_DESCRIPTORS };
    return { client, origin, authority, userAgent, receiving, compression: 'none' };
  }

  /** @param connectionWatch Counts its connections. Default: they are not counted, as those of the warm-up. */
  #client(connectionWatch?: ConnectionWatch): Http2Client {
    const { scheduler, random } = this.#deps;
    return new Http2Client({
      scheduler,
      random,
      connect: this.#connect,
      limiter: this.#limiter,
      flusher: this.#flusher,
      heads: this.#headCache,
      windows: DEFAULT_WINDOWS,
      timed: false,
      oneShot: false,
      idleTimeout: 0,
      streams: 0,
      connections: 1,
      settingsTimeout: callTimeout(this.#config),
      counters: this.#counters,
      connectionWatch,
    });
  }
}
