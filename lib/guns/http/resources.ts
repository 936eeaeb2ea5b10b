import { concat, defer, EMPTY, type Observable } from 'rxjs';
import type { Deps } from '../../core/deps.js';
import { failureLog } from '../../protocols/netFailure.js';
import { ConnectLimiter } from '../../wire/dial/connectLimiter.js';
import { OriginCache } from '../../wire/dial/origin.js';
import { fromStatus } from '../../wire/http1/capture.js';
import type { ConnectionOptions } from '../../wire/http1/connection.js';
import { HttpClient, type IdleLimits } from '../../wire/http1/httpClient.js';
import { RequestCache } from '../../wire/http1/requestCache.js';
import { WireCounters } from '../../wire/http1/wireCounters.js';
import { Answlog, loggedFrom } from '../shared/answlog.js';
import { DeadlineQueue } from '../shared/deadlines.js';
import { type Dialing, directDialing } from '../shared/dialing.js';
import type { HttpGunConfig } from '../shared/httpOptions.js';
import type { HttpGunContext } from './exchange.js';

const DEFAULT_IDLE_PER_HOST = 2;

/** A client, and the function that its user calls when it is no longer needed. */
export interface HttpClientLease {
  readonly client: HttpClient;
  readonly close: () => void;
}

/** How an HTTP gun connects, and where each request goes. */
export interface HttpDialing extends Dialing {
  /** The origin of a request, or the reason that it has none. Absent: the target for all. */
  readonly originOf?: HttpGunContext['originOf'];
}

/** The context of the exchanges of an HTTP gun, and its clients, made from its options. Guns and transports use it. */
export class HttpGunResources {
  readonly context: HttpGunContext;
  readonly #config: HttpGunConfig;
  readonly #warmUp: Dialing['warmUp'];
  readonly #answlog: Answlog | undefined;
  readonly #connection: ConnectionOptions;
  readonly #limits: IdleLimits;
  readonly #shared: HttpClient[] = [];
  #leases = 0;

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
    this.#config = config;
    this.#warmUp = dialing.warmUp;
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
      failed: failureLog(deps.log, config.target.text),
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

  /** Opens the answlog, reads certificates and resolves the target. */
  warmUp(): Observable<never> {
    return concat(this.#answlog?.open() ?? EMPTY, defer(this.#warmUp));
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
