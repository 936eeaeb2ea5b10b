import { isIP } from 'node:net';
import { concat, defer, EMPTY, type Observable } from 'rxjs';
import type { Armoury, GunContext } from '../../core/armoury.js';
import type { Deps } from '../../core/deps.js';
import type { HttpAmmo } from '../../protocols/httpAmmo.js';
import type { NetSample } from '../../protocols/netSample.js';
import { failureLog } from '../shared/failureLog.js';
import { Answlog } from './answlog.js';
import type { ConnectionOptions } from './connection.js';
import { DialGate } from './dialGate.js';
import { HttpClient, type IdleLimits } from './httpClient.js';
import type { HttpGunConfig } from './httpGunConfig.js';
import type { HttpRig } from './httpRig.js';
import { HttpShooter } from './httpShooter.js';
import type { Origin } from './origin.js';
import { OriginBook } from './originBook.js';
import { pacedDial } from './pacedDial.js';
import { probeTarget } from './probeTarget.js';
import { RequestCache } from './requestCache.js';
import { type SocketDialOptions, socketDial } from './socketDial.js';
import type { Dial } from './wire.js';

const NS_PER_MS = 1e6;
const DEFAULT_IDLE_PER_HOST = 2;
/** Lowest status that each filter of the answlog writes. */
const LOGGED_FROM = { all: 0, warning: 400, error: 500 };

function dialOptions({ dial, tlsHandshakeTimeout }: HttpGunConfig, { scheduler }: Deps): SocketDialOptions {
  return {
    scheduler,
    timeout: dial.timeout / NS_PER_MS,
    tlsHandshakeTimeout: tlsHandshakeTimeout / NS_PER_MS,
    dualStack: dial.dualStack,
    fallbackDelay: dial.fallbackDelay / NS_PER_MS,
    keepAlive: dial.keepAlive / NS_PER_MS,
  };
}

/**
 * The guns of one pool that shoot HTTP/1.1 requests at one target.
 *
 * @param dial How connections are made; by default over TCP, with TLS when `ssl` says so.
 */
export class HttpArmoury implements Armoury<HttpAmmo, NetSample> {
  readonly #config: HttpGunConfig;
  readonly #deps: Deps;
  readonly #rig: HttpRig;
  readonly #connection: ConnectionOptions;
  readonly #limits: IdleLimits;
  readonly #shared: HttpClient[] = [];
  #made = 0;

  constructor(config: HttpGunConfig, deps: Deps, dial: Dial = socketDial(dialOptions(config, deps))) {
    this.#config = config;
    this.#deps = deps;
    const { target, ssl, answlog, httptrace, redirect } = config;
    const host = target.host === '' ? 'localhost' : target.host;
    const remember = config.dial.dnsCache && isIP(host) === 0;
    const origins = new OriginBook();
    const encoding = { host, disableKeepAlives: config.disableKeepAlives, acceptGzip: !config.disableCompression };
    this.#rig = {
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
      answlog: answlog.enabled ? new Answlog(answlog.path, deps.log) : undefined,
      failed: failureLog(deps.log, target.text),
    };
    this.#connection = {
      scheduler: deps.scheduler,
      dial: pacedDial(dial, new DialGate(deps.scheduler)),
      headerTimeout: config.responseHeaderTimeout / NS_PER_MS,
      idleTimeout: config.idleConnTimeout / NS_PER_MS,
      continueTimeout: config.expectContinueTimeout / NS_PER_MS,
      timed: httptrace.trace,
      capture: {
        fromStatus: answlog.enabled ? LOGGED_FROM[answlog.filter] : Number.POSITIVE_INFINITY,
        redirects: redirect,
      },
    };
    const perOrigin = config.maxIdleConnsPerHost > 0 ? config.maxIdleConnsPerHost : DEFAULT_IDLE_PER_HOST;
    this.#limits = { total: Math.max(0, config.maxIdleConns), perOrigin };
  }

  warmUp(): Observable<never> {
    const target: Origin = this.#rig.target;
    const { answlog } = this.#rig;
    const probe = defer(() => probeTarget(target, this.#connection.dial, this.#deps.log));
    return concat(answlog === undefined ? EMPTY : answlog.open(), target.remember ? probe : EMPTY);
  }

  make(_context: GunContext): HttpShooter {
    const { enabled, clientNumber } = this.#config.sharedClient;
    if (!enabled) {
      const client = this.#client();
      return new HttpShooter(this.#rig, client, () => client.close());
    }
    const index = this.#made++ % Math.max(1, clientNumber);
    const shared = this.#shared[index] ?? this.#client();
    this.#shared[index] = shared;
    return new HttpShooter(this.#rig, shared, () => undefined);
  }

  close(): Observable<never> {
    for (const client of this.#shared) client.close();
    return this.#rig.answlog?.close() ?? EMPTY;
  }

  #client(): HttpClient {
    return new HttpClient(this.#connection, this.#limits);
  }
}
