import { concat, defer, EMPTY, merge, Observable } from 'rxjs';
import type { Deps } from '../../core/deps.js';
import { failureLog } from '../../protocols/netFailure.js';
import { DeadlineQueue } from '../../time/deadlineQueue.js';
import { ConnectLimiter } from '../../wire/dial/connectLimiter.js';
import { OriginCache } from '../../wire/dial/origin.js';
import { fromStatus } from '../../wire/http1/capture.js';
import type { ConnectionOptions } from '../../wire/http1/connectionOptions.js';
import { HttpClient } from '../../wire/http1/httpClient.js';
import { RequestCache } from '../../wire/http1/requestCache.js';
import { WireCounters } from '../../wire/http1/wireCounters.js';
import { Answlog, loggedFrom } from '../shared/answlog.js';
import { type Dialing, directDialing } from '../shared/dialing.js';
import type { HttpGunConfig } from '../shared/httpOptions.js';
import { type ClientLease, SharedClients } from '../shared/sharedClients.js';
import type { HttpGunContext } from './context.js';

const DEFAULT_IDLE_PER_HOST = 2;

/** How an HTTP gun connects, and where each request goes. */
export interface HttpDialing extends Dialing {
  /** The origin of a request, or the reason that it has none. Absent: the target for all. */
  readonly originOf?: HttpGunContext['originOf'];
}

/** The context of the exchanges of an HTTP gun, and its clients, made from its options. Guns and transports use it. */
export class HttpGunResources {
  readonly context: HttpGunContext;
  readonly #warmUp: Dialing['warmUp'];
  readonly #answlog: Answlog | undefined;
  readonly #clients: SharedClients<HttpClient>;
  readonly #unused: DeadlineQueue | undefined;
  readonly #keepsNone: boolean;

  /**
   * @param dialing How it connects. Default: straight to the target.
   * @param keepResponses Records every response, for transports, independent of the answlog. Default false.
   */
  constructor(
    config: HttpGunConfig,
    deps: Deps,
    dialing: HttpDialing = directDialing(config, deps),
    keepResponses = false,
  ) {
    this.#warmUp = dialing.warmUp;
    this.#keepsNone = config.disableKeepAlives;
    const { answlog, httptrace, redirect } = config;
    const { connect, target, originOf } = dialing;
    const origins = new OriginCache();
    const encoding = {
      host: target.host,
      disableKeepAlives: config.disableKeepAlives,
      acceptGzip: !config.disableCompression,
    };
    const counters = new WireCounters();
    const logged = loggedFrom(answlog);
    this.#answlog = answlog.enabled ? new Answlog(answlog.path, deps.log) : undefined;
    this.context = {
      scheduler: deps.scheduler,
      random: deps.random,
      target: origins.add(target),
      origins,
      originOf,
      encoding,
      requests: new RequestCache(encoding),
      autoTag: config.autoTag,
      redirect,
      trace: httptrace.trace,
      dump: httptrace.dump,
      deadlines: config.requestTimeout > 0 ? new DeadlineQueue(deps.scheduler, config.requestTimeout) : undefined,
      counters,
      answlog: this.#answlog === undefined ? undefined : fromStatus(logged, this.#answlog),
      exchanges: deps.exchanges,
      connections: deps.connections,
      failed: failureLog(deps.log, config.target.text),
    };
    this.#unused = config.idleConnTimeout > 0 ? new DeadlineQueue(deps.scheduler, config.idleConnTimeout) : undefined;
    const connection: ConnectionOptions = {
      scheduler: deps.scheduler,
      connect,
      limiter: new ConnectLimiter(deps.scheduler),
      headerTimeout: config.responseHeaderTimeout,
      bodyIdleTimeout: config.bodyIdleTimeout,
      unused: this.#unused,
      continueTimeout: config.expectContinueTimeout,
      timed: httptrace.trace,
      capture: {
        fromStatus: keepResponses ? 0 : logged,
        redirects: redirect,
        dumps: httptrace.dump ? 'all' : answlog.enabled ? 'kept' : 'none',
        asksGzip: !config.disableCompression,
        maxBody: config.maxBody,
        examples: deps.exchanges && (() => deps.exchanges?.wantsResponse() === true),
      },
      counters,
      connections: deps.connections,
    };
    const perOrigin = config.maxIdleConnsPerHost > 0 ? config.maxIdleConnsPerHost : DEFAULT_IDLE_PER_HOST;
    const limits = { total: Math.max(0, config.maxIdleConns), perOrigin };
    this.#clients = new SharedClients(config.sharedClient, () => new HttpClient(connection, limits));
  }

  /** Opens the answlog, reads certificates and resolves the target. */
  warmUp(): Observable<never> {
    return concat(this.#answlog?.open() ?? EMPTY, defer(this.#warmUp));
  }

  /**
   * Opens the connections of the next clients. It completes when each is open or has failed. Unsubscribing closes those that are
   * still opening. Nothing is opened when clients are shared, when no connection is kept, or when the ammo decides where it leads.
   */
  openEarly(count: number): Observable<never> {
    const { originOf, target } = this.context;
    if (originOf !== undefined || this.#keepsNone) return EMPTY;
    return merge(
      ...this.#clients
        .makeAhead(count)
        .map((client) => new Observable<never>((subscriber) => client.openEarly(target, () => subscriber.complete()))),
    );
  }

  /** Returns a new client, or the next one of the shared clients. */
  client(): ClientLease<HttpClient> {
    return this.#clients.lease();
  }

  /** Closes the shared clients and the answlog. */
  close(): Observable<never> {
    this.#clients.close();
    this.#unused?.close();
    this.context.deadlines?.close();
    return this.#answlog?.close() ?? EMPTY;
  }
}
