import { EMPTY, merge, Observable } from 'rxjs';
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
import { captureRule, GunResources } from '../shared/gunResources.js';
import type { HttpGunConfig } from '../shared/httpOptions.js';
import { SharedClients } from '../shared/sharedClients.js';
import type { HttpGunContext } from './context.js';

const DEFAULT_IDLE_PER_HOST = 2;

/** How an HTTP gun connects, and where each request goes. */
export interface HttpDialing extends Dialing {
  /** The origin of a request, or the reason that it has none. Absent: the target for all. */
  readonly originOf?: HttpGunContext['originOf'];
}

function contextOf(
  config: HttpGunConfig,
  deps: Deps,
  { target, originOf }: HttpDialing,
  answlog: Answlog | undefined,
): HttpGunContext {
  const { scheduler, random, exchanges, connections, log } = deps;
  const { redirect, httptrace, requestTimeout } = config;
  const origins = new OriginCache();
  const encoding = {
    host: target.host,
    disableKeepAlives: config.disableKeepAlives,
    acceptGzip: !config.disableCompression,
  };
  return {
    scheduler,
    random,
    target: origins.add(target),
    origins,
    originOf,
    encoding,
    requests: new RequestCache(encoding),
    autoTag: config.autoTag,
    redirect,
    trace: httptrace.trace,
    dump: httptrace.dump,
    deadlines: requestTimeout > 0 ? new DeadlineQueue(scheduler, requestTimeout) : undefined,
    counters: new WireCounters(),
    answlog: answlog === undefined ? undefined : fromStatus(loggedFrom(config.answlog), answlog),
    exchanges,
    connections,
    failed: failureLog(log, config.target.text),
  };
}

interface ConnectionParts {
  readonly connect: Dialing['connect'];
  readonly counters: WireCounters;
  readonly unused: DeadlineQueue | undefined;
  readonly keepResponses: boolean;
}

function connectionOptionsOf(
  config: HttpGunConfig,
  { scheduler, exchanges, connections }: Deps,
  { connect, counters, unused, keepResponses }: ConnectionParts,
): ConnectionOptions {
  return {
    scheduler,
    connect,
    limiter: new ConnectLimiter(scheduler),
    headerTimeout: config.responseHeaderTimeout,
    bodyIdleTimeout: config.bodyIdleTimeout,
    unused,
    continueTimeout: config.expectContinueTimeout,
    timed: config.httptrace.trace,
    capture: {
      ...captureRule(config, keepResponses),
      examples: exchanges && (() => exchanges.wantsResponse()),
    },
    counters,
    connections,
  };
}

/** The context of the exchanges of an HTTP gun, and its clients, made from its options. Guns and transports use it. */
export class HttpGunResources extends GunResources<HttpGunContext, HttpClient> {
  readonly #clients: SharedClients<HttpClient>;
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
    const { idleConnTimeout, maxIdleConns, maxIdleConnsPerHost, sharedClient } = config;
    const answlog = config.answlog.enabled ? new Answlog(config.answlog.path, deps.log) : undefined;
    const unused = idleConnTimeout > 0 ? new DeadlineQueue(deps.scheduler, idleConnTimeout) : undefined;
    const context = contextOf(config, deps, dialing, answlog);
    const { counters, deadlines } = context;
    const connection = connectionOptionsOf(config, deps, { connect: dialing.connect, counters, unused, keepResponses });
    const perOrigin = maxIdleConnsPerHost > 0 ? maxIdleConnsPerHost : DEFAULT_IDLE_PER_HOST;
    const idle = { total: Math.max(0, maxIdleConns), perOrigin };
    const clients = new SharedClients(sharedClient, () => new HttpClient(connection, idle));
    super({ context, clients, dialing, answlog, limits: [unused, deadlines] });
    this.#clients = clients;
    this.#keepsNone = config.disableKeepAlives;
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
}
