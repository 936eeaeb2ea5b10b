import { isIP } from 'node:net';
import { concat, defer, EMPTY, Observable } from 'rxjs';
import type { Deps, Log } from '../../core/deps.js';
import { failureLog } from '../../protocols/netFailure.js';
import { ConnectLimiter } from '../../wire/dial/connectLimiter.js';
import type { Connector } from '../../wire/dial/connector.js';
import { type Origin, OriginCache } from '../../wire/dial/origin.js';
import { type SocketConnectorOptions, socketConnector } from '../../wire/dial/socketConnector.js';
import { fromStatus } from '../../wire/http1/capture.js';
import type { ConnectionOptions } from '../../wire/http1/connection.js';
import { HttpClient, type IdleLimits } from '../../wire/http1/httpClient.js';
import { RequestCache } from '../../wire/http1/requestCache.js';
import { WireCounters } from '../../wire/http1/wireCounters.js';
import { Answlog } from '../shared/answlog.js';
import { DeadlineQueue } from '../shared/deadlines.js';
import type { HttpGunConfig } from '../shared/httpOptions.js';
import type { HttpGunContext } from './exchange.js';

/**
 * Resolves a target by one plain TCP connection: the address that accepts it is used for the whole run. A failure is
 * only a warning; then the first connection that succeeds decides the address.
 */
function probeTarget(target: Origin, connect: Connector, log: Log): Observable<never> {
  return new Observable((subscriber) => {
    const probe: Origin = { host: target.host, port: target.port, ssl: false, remember: true };
    const socket = connect(probe, {
      opened: () => {
        if (probe.address !== undefined) target.address = probe.address;
        subscriber.complete();
      },
      received: () => undefined,
      finished: () => subscriber.complete(),
      failed: (error) => {
        log.warn(`the target ${target.host}:${target.port} did not accept a connection before the run`, {
          reason: error.message,
        });
        subscriber.complete();
      },
    });
    return () => socket.destroy();
  });
}

const DEFAULT_IDLE_PER_HOST = 2;
/** Lowest status that each filter of the answlog writes. */
const LOGGED_FROM = { all: 0, warning: 400, error: 500 };

/** A client, and the function that its user calls when it is no longer needed. */
export interface HttpClientLease {
  readonly client: HttpClient;
  readonly close: () => void;
}

function connectorOptions({ dial, tlsHandshakeTimeout }: HttpGunConfig, { scheduler }: Deps): SocketConnectorOptions {
  return {
    scheduler,
    timeout: dial.timeout,
    tlsHandshakeTimeout: tlsHandshakeTimeout,
    dualStack: dial.dualStack,
    fallbackDelay: dial.fallbackDelay,
    keepAlive: dial.keepAlive,
  };
}

/** The context of the exchanges of an HTTP gun, and its clients, made from its options. Guns and transports use it. */
export class HttpGunResources {
  readonly context: HttpGunContext;
  readonly #config: HttpGunConfig;
  readonly #deps: Deps;
  readonly #answlog: Answlog | undefined;
  readonly #connection: ConnectionOptions;
  readonly #limits: IdleLimits;
  readonly #shared: HttpClient[] = [];
  #leases = 0;

  /**
   * @param connect Opens connections. Default: over TCP, with TLS when `ssl` is true.
   * @param keepResponses Records every response, for transports, independent of the answlog. Default false.
   */
  constructor(
    config: HttpGunConfig,
    deps: Deps,
    connect: Connector = socketConnector(connectorOptions(config, deps)),
    keepResponses = false,
  ) {
    this.#config = config;
    this.#deps = deps;
    const { target, ssl, answlog, httptrace, redirect } = config;
    const host = target.host === '' ? 'localhost' : target.host;
    const remember = config.dial.dnsCache && isIP(host) === 0;
    const origins = new OriginCache();
    const encoding = { host, disableKeepAlives: config.disableKeepAlives, acceptGzip: !config.disableCompression };
    const counters = new WireCounters();
    const logged = answlog.enabled ? LOGGED_FROM[answlog.filter] : Number.POSITIVE_INFINITY;
    this.#answlog = answlog.enabled ? new Answlog(answlog.path, deps.log) : undefined;
    this.context = {
      scheduler: deps.scheduler,
      random: deps.random,
      target: origins.add({ host, port: target.port, ssl, remember }),
      origins,
      encoding,
      requests: new RequestCache(encoding),
      autoTag: config.autoTag,
      redirect,
      trace: httptrace.trace,
      dump: httptrace.dump,
      deadlines: config.requestTimeout > 0 ? new DeadlineQueue(deps.scheduler, config.requestTimeout) : undefined,
      counters,
      answlog: this.#answlog === undefined ? undefined : fromStatus(logged, this.#answlog),
      failed: failureLog(deps.log, target.text),
    };
    this.#connection = {
      scheduler: deps.scheduler,
      connect,
      limiter: new ConnectLimiter(deps.scheduler),
      headerTimeout: config.responseHeaderTimeout,
      bodyIdleTimeout: config.bodyIdleTimeout,
      idleTimeout: config.idleConnTimeout,
      continueTimeout: config.expectContinueTimeout,
      timed: httptrace.trace,
      capture: {
        fromStatus: keepResponses ? 0 : logged,
        redirects: redirect,
        dumps: httptrace.dump ? 'all' : answlog.enabled ? 'kept' : 'none',
        asksGzip: !config.disableCompression,
        maxBody: config.maxBody,
      },
      counters,
    };
    const perOrigin = config.maxIdleConnsPerHost > 0 ? config.maxIdleConnsPerHost : DEFAULT_IDLE_PER_HOST;
    this.#limits = { total: Math.max(0, config.maxIdleConns), perOrigin };
  }

  /** Opens the answlog and resolves the target. */
  warmUp(): Observable<never> {
    const { target } = this.context;
    const probe = defer(() => probeTarget(target, this.#connection.connect, this.#deps.log));
    return concat(this.#answlog?.open() ?? EMPTY, target.remember ? probe : EMPTY);
  }

  /** Returns a new client, or the next one of the shared clients. */
  client(): HttpClientLease {
    const { enabled, clientNumber } = this.#config.sharedClient;
    if (!enabled) {
      const client = this.#client();
      return { client, close: () => client.close() };
    }
    const index = this.#leases++ % Math.max(1, clientNumber);
    const client = this.#shared[index] ?? this.#client();
    this.#shared[index] = client;
    return { client, close: () => undefined };
  }

  /** Closes the shared clients and the answlog. */
  close(): Observable<never> {
    for (const client of this.#shared) client.close();
    this.context.deadlines?.close();
    return this.#answlog?.close() ?? EMPTY;
  }

  #client(): HttpClient {
    return new HttpClient(this.#connection, this.#limits);
  }
}
