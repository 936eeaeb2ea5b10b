import type { Deps } from '../../core/deps.js';
import type { Millis } from '../../core/units.js';
import { failureLog } from '../../protocols/netFailure.js';
import { DeadlineQueue } from '../../time/deadlineQueue.js';
import { afterCallback } from '../../time/realTime.js';
import { ConnectLimiter } from '../../wire/dial/connectLimiter.js';
import { OriginCache } from '../../wire/dial/origin.js';
import { EncodedCache } from '../../wire/encodedCache.js';
import { fromStatus } from '../../wire/http1/capture.js';
import { encodeRequest } from '../../wire/http1/request.js';
import { DEFAULT_WINDOWS } from '../../wire/http2/dataHandler.js';
import { Flusher } from '../../wire/http2/flusher.js';
import { HeadCache } from '../../wire/http2/headCache.js';
import { Http2Client, type Http2ClientOptions } from '../../wire/http2/http2Client.js';
import { Http2Counters } from '../../wire/http2/http2Counters.js';
import { encodeHttp2Request } from '../../wire/http2/http2Request.js';
import { Answlog, loggedFrom } from '../shared/answlog.js';
import { type Dialing, directDialing } from '../shared/dialing.js';
import { captureRule, GunResources } from '../shared/gunResources.js';
import type { Http2GunConfig } from '../shared/httpOptions.js';
import { SharedClients } from '../shared/sharedClients.js';
import type { Http2GunContext } from './context.js';

/** How long a server may take to acknowledge our settings, when the options have no such limit. */
const SETTINGS_TIMEOUT: Millis = 10_000;

interface ContextParts {
  readonly target: Dialing['target'];
  readonly answlog: Answlog | undefined;
  readonly counters: Http2Counters;
  readonly keepResponses: boolean;
}

function contextOf(
  config: Http2GunConfig,
  deps: Deps,
  { target, answlog, counters, keepResponses }: ContextParts,
): Http2GunContext {
  const { scheduler, log, exchanges, connections } = deps;
  const origins = new OriginCache();
  const encoding = { host: target.host, acceptGzip: !config.disableCompression };
  const capture = captureRule(config, keepResponses);
  const limit = (ms: Millis): DeadlineQueue | undefined => (ms > 0 ? new DeadlineQueue(scheduler, ms) : undefined);
  return {
    scheduler,
    target: origins.add(target),
    origins,
    encoding,
    requests: new EncodedCache((request) => encodeHttp2Request(request, encoding, target.ssl)),
    autoTag: config.autoTag,
    redirect: config.redirect,
    trace: config.httptrace.trace,
    dump: config.httptrace.dump,
    capture: capture.dumps !== 'none' || capture.redirects || keepResponses ? capture : undefined,
    continueTimeout: config.expectContinueTimeout,
    deadlines: limit(config.requestTimeout),
    headLimits: limit(config.responseHeaderTimeout),
    bodyLimits: limit(config.bodyIdleTimeout),
    counters,
    answlog: answlog === undefined ? undefined : fromStatus(loggedFrom(config.answlog), answlog),
    text: (request) => encodeRequest(request, { ...encoding, disableKeepAlives: false }).bytes,
    exchanges,
    connections,
    failed: failureLog(log, config.target.text),
    spokenAt: 0,
  };
}

function clientOptionsOf(
  config: Http2GunConfig,
  { scheduler, random, connections }: Deps,
  { connect }: Dialing,
  counters: Http2Counters,
): Http2ClientOptions {
  return {
    scheduler,
    random,
    connect,
    limiter: new ConnectLimiter(scheduler),
    flusher: new Flusher(afterCallback(scheduler)),
    idleTimeout: config.idleConnTimeout,
    connections: config.connections,
    streams: config.streams,
    oneShot: config.disableKeepAlives,
    timed: config.httptrace.trace || config.responseHeaderTimeout > 0,
    heads: new HeadCache(),
    windows: DEFAULT_WINDOWS,
    settingsTimeout: SETTINGS_TIMEOUT,
    counters,
    connectionWatch: connections,
  };
}

/** The context of the exchanges of an HTTP/2 gun, and its clients, made from its options. Guns and transports use it. */
export class Http2GunResources extends GunResources<Http2GunContext, Http2Client> {
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
    const answlog = config.answlog.enabled ? new Answlog(config.answlog.path, deps.log) : undefined;
    const counters = new Http2Counters();
    const context = contextOf(config, deps, { target: dialing.target, answlog, counters, keepResponses });
    const options = clientOptionsOf(config, deps, dialing, counters);
    const clients = new SharedClients(config.sharedClient, () => new Http2Client(options));
    const limits = [context.deadlines, context.headLimits, context.bodyLimits];
    super({ context, clients, dialing, answlog, limits });
  }
}
