import { EMPTY, Observable, type Observer, type Unsubscribable } from 'rxjs';
import { refineStruct } from '../../codec/struct.js';
import type { Deps, Log } from '../../core/deps.js';
import type { Gun, GunContext, GunFactory } from '../../core/gun.js';
import type { Shot } from '../../core/shot.js';
import { component } from '../../plugin/component.js';
import { type HttpAmmo, requireHttpAmmo, toHttpAmmo } from '../../protocols/http.js';
import { NetSample } from '../../protocols/netSample.js';
import { seededRandom } from '../../time/seededRandom.js';
import { ConnectBackoff } from '../../wire/dial/connectBackoff.js';
import { memoryConnector } from '../../wire/dial/memoryConnector.js';
import type { HttpClient } from '../../wire/http1/httpClient.js';
import { dialIssue } from '../shared/dialOptions.js';
import { describeHttp, type HttpGunConfig, httpGunConfig, httpTraits } from '../shared/httpOptions.js';
import type { HttpGunContext } from './context.js';
import { HttpExchange } from './exchange.js';
import { type HttpDialing, HttpGunResources } from './resources.js';

/** The response to practice shots: as usual servers send it, so that the parser takes its usual way. */
const RESPONSE = Buffer.from(
  'HTTP/1.1 200 OK\r\nServer: practice\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nContent-Type: text/plain\r\n' +
    'Content-Length: 2\r\nConnection: keep-alive\r\n\r\nok',
);
const nothing = (): void => undefined;
const NO_LOG: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** The HTTP/1.1 gun of one instance. */
class HttpGun implements Gun<HttpAmmo, NetSample> {
  readonly #context: HttpGunContext;
  readonly #client: HttpClient;
  readonly #backoff: ConnectBackoff;

  /** @param close Called when the gun is closed: closes the client unless it is shared. */
  constructor(
    context: HttpGunContext,
    client: HttpClient,
    readonly close: () => void,
  ) {
    this.#context = context;
    this.#client = client;
    this.#backoff = new ConnectBackoff(context.random);
  }

  shoot(ammo: HttpAmmo, shot: Shot<HttpAmmo>): Observable<NetSample> {
    requireHttpAmmo(ammo, 'http');
    return new Observable((subscriber) => this.shootInto(ammo, shot, subscriber));
  }

  shootInto(ammo: HttpAmmo, shot: Shot<HttpAmmo>, observer: Observer<NetSample>): Unsubscribable {
    requireHttpAmmo(ammo, 'http');
    const exchange = new HttpExchange(this.#context, this.#client, this.#backoff, ammo, NetSample.of(shot), observer);
    exchange.start();
    return exchange;
  }
}

/** The guns of one pool that shoot HTTP/1.1 requests at one target. */
export class HttpGunFactory implements GunFactory<HttpAmmo, NetSample> {
  readonly #resources: HttpGunResources;

  /** @param dialing How the guns connect. Default: straight to the target. */
  constructor(
    private readonly config: HttpGunConfig,
    private readonly deps: Deps,
    dialing?: HttpDialing,
  ) {
    this.#resources = new HttpGunResources(config, deps, dialing);
  }

  warmUp(): Observable<never> {
    return this.#resources.warmUp();
  }

  openEarly(guns: number): Observable<never> {
    return this.#resources.openEarly(guns);
  }

  create(_context: GunContext): HttpGun {
    const { client, close } = this.#resources.client();
    return new HttpGun(this.#resources.context, client, close);
  }

  /** Guns with the same options whose target is in memory. */
  practice(): { readonly gunFactory: HttpGunFactory; readonly ammo: HttpAmmo } {
    const { scheduler } = this.deps;
    const target = { host: 'practice', port: 80, ssl: false, remember: false };
    const dialing = { connect: memoryConnector(RESPONSE, scheduler), target, warmUp: () => EMPTY };
    const config = { ...this.config, answlog: { ...this.config.answlog, enabled: false } };
    const deps = { ...this.deps, random: seededRandom(0), log: NO_LOG, exchanges: undefined, connections: undefined };
    return { gunFactory: new HttpGunFactory(config, deps, dialing), ammo: toHttpAmmo('GET', '/') };
  }

  counters(): ReadonlyMap<string, number> {
    return this.#resources.context.counters.byName;
  }

  close(): Observable<never> {
    return this.#resources.close();
  }
}

/** The main gun: HTTP/1.1 requests over its own connections, as fast as one core allows. @example http({ target: 'localhost:8080' }) */
export const http = component({
  kind: 'gun',
  name: 'http',
  summary: 'Shoots HTTP/1.1 requests, with optional TLS and one persistent connection per instance.',
  example: { target: 'localhost:8080', responseHeaderTimeout: '5s', autoTag: { enabled: true } },
  options: refineStruct(httpGunConfig, dialIssue),
  create: (options, deps) => new HttpGunFactory(options, deps),
  describe: (options) => describeHttp('http', options),
  traits: httpTraits,
});
