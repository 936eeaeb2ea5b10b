import { concat, defer, EMPTY, type Observable } from 'rxjs';
import type { Deps } from '../../core/deps.js';
import type { Millis } from '../../core/units.js';
import { failureLog } from '../../protocols/netFailure.js';
import { DeadlineQueue } from '../../time/deadlineQueue.js';
import { afterCallback } from '../../time/realTime.js';
import { ConnectLimiter } from '../../wire/dial/connectLimiter.js';
import { OriginCache } from '../../wire/dial/origin.js';
import { EncodedCache } from '../../wire/encodedCache.js';
import { type CaptureRule, fromStatus } from '../../wire/http1/capture.js';
import { encodeRequest } from '../../wire/http1/request.js';
import { DEFAULT_WINDOWS } from '../../wire/http2/dataHandler.js';
import { Flusher } from '../../wire/http2/flusher.js';
import { HeadCache } from '../../wire/http2/headCache.js';
import { Http2Client, type Http2ClientOptions } from '../../wire/http2/http2Client.js';
import { Http2Counters } from '../../wire/http2/http2Counters.js';
import { encodeHttp2Request } from '../../wire/http2/http2Request.js';
import { Answlog, loggedFrom } from '../shared/answlog.js';
import { type Dialing, directDialing } from '../shared/dialing.js';
import type { Http2GunConfig } from '../shared/httpOptions.js';
import { type ClientLease, SharedClients } from '../shared/sharedClients.js';
import type { Http2GunContext } from './context.js';

/** How long a server may take to acknowledge our settings, when the gun says nothing else. */
const SETTINGS_TIMEOUT: Millis = 10_000;

/** The context of the exchanges of an HTTP/2 gun, and its clients, made from its options. Guns and transports use it. */
export class Http2GunResources {
  readonly context: Http2GunContext;
  readonly #warmUp: Dialing['warmUp'];
  readonly #answlog: Answlog | undefined;
  readonly #clients: SharedClients<Http2Client>;

  /**
   * @param dialing How it connects. Default: straight to the target.
   * @param keepResponses Records every response, for transports, independent of the answlog. Default false.
   */
  constructor(
    config: Http2GunConfig,
    deps: Deps,
    dialing: Dialing = directDialing(config, deps, ['h2']),
    keepResponses = false,
  ) {
    this.#warmUp = dialing.warmUp;
    const { scheduler, log } = deps;
    const { answlog, httptrace, redirect } = config;
    const { connect, target } = dialing;
    const origins = new OriginCache();
    const encoding = { host: target.host, acceptGzip: !config.disableCompression };
    const counters = new Http2Counters();
    const logged = loggedFrom(answlog);
    this.#answlog = answlog.enabled ? new Answlog(answlog.path, log) : undefined;
    const capture: CaptureRule = {
      fromStatus: keepResponses ? 0 : logged,
      redirects: redirect,
      dumps: httptrace.dump ? 'all' : answlog.enabled ? 'kept' : 'none',
      asksGzip: !config.disableCompression,
      maxBody: config.maxBody,
    };
    const limit = (ms: Millis): DeadlineQueue | undefined => (ms > 0 ? new DeadlineQueue(scheduler, ms) : undefined);
    this.context = {
      scheduler,
      target: origins.add(target),
      origins,
      encoding,
      requests: new EncodedCache((request) => encodeHttp2Request(request, encoding, target.ssl)),
      autoTag: config.autoTag,
      redirect,
      trace: httptrace.trace,
      dump: httptrace.dump,
      capture: capture.dumps !== 'none' || capture.redirects || keepResponses ? capture : undefined,
      continueTimeout: config.expectContinueTimeout,
      deadlines: limit(config.requestTimeout),
      headLimits: limit(config.responseHeaderTimeout),
      bodyLimits: limit(config.bodyIdleTimeout),
      counters,
      answlog: this.#answlog === undefined ? undefined : fromStatus(logged, this.#answlog),
      text: (request) => encodeRequest(request, { ...encoding, disableKeepAlives: false }).bytes,
      exchanges: deps.exchanges,
      connections: deps.connections,
      failed: failureLog(log, config.target.text),
      spokenAt: 0,
    };
    const options: Http2ClientOptions = {
      scheduler,
      random: deps.random,
      connect,
      limiter: new ConnectLimiter(scheduler),
      flusher: new Flusher(afterCallback(scheduler)),
      idleTimeout: config.idleConnTimeout,
      connections: config.connections,
      streams: config.streams,
      oneShot: config.disableKeepAlives,
      timed: httptrace.trace || config.responseHeaderTimeout > 0,
      heads: new HeadCache(),
      windows: DEFAULT_WINDOWS,
      settingsTimeout: SETTINGS_TIMEOUT,
      counters,
      connectionWatch: deps.connections,
    };
    this.#clients = new SharedClients(config.sharedClient, () => new Http2Client(options));
  }

  /** Opens the answlog, reads certificates and resolves the target. */
  warmUp(): Observable<never> {
    return concat(this.#answlog?.open() ?? EMPTY, defer(this.#warmUp));
  }

  /** Returns a new client, or the next one of the shared clients. */
  client(): ClientLease<Http2Client> {
    return this.#clients.lease();
  }

  /** Closes the shared clients and the answlog. */
  close(): Observable<never> {
    const { deadlines, headLimits, bodyLimits } = this.context;
    this.#clients.close();
    for (const queue of [deadlines, headLimits, bodyLimits]) queue?.close();
    return this.#answlog?.close() ?? EMPTY;
  }
}
