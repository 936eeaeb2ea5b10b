import { Observable, type Observer, type Unsubscribable } from 'rxjs';
import { refineStruct } from '../../codec/struct.js';
import type { Deps } from '../../core/deps.js';
import type { Gun, GunContext, GunFactory } from '../../core/gun.js';
import type { Shot } from '../../core/shot.js';
import { component } from '../../plugin/component.js';
import { type HttpAmmo, requireHttpAmmo } from '../../protocols/http.js';
import { NetSample } from '../../protocols/netSample.js';
import type { StreamClient } from '../../wire/http2/streamListener.js';
import type { Dialing } from '../shared/dialing.js';
import { dialIssue } from '../shared/dialOptions.js';
import { describeHttp, type Http2GunConfig, http2GunConfig, http2Traits } from '../shared/httpOptions.js';
import type { Http2GunContext } from './context.js';
import { Http2Exchange } from './exchange.js';
import { Http2GunResources } from './resources.js';

/** The HTTP/2 gun of one instance. */
class Http2Gun implements Gun<HttpAmmo, NetSample> {
  /** @param close Called when the gun is closed: closes the client unless it is shared. */
  constructor(
    private readonly context: Http2GunContext,
    private readonly client: StreamClient,
    readonly close: () => void,
  ) {}

  shoot(ammo: HttpAmmo, shot: Shot<HttpAmmo>): Observable<NetSample> {
    requireHttpAmmo(ammo, 'http2');
    return new Observable((subscriber) => this.shootInto(ammo, shot, subscriber));
  }

  shootInto(ammo: HttpAmmo, shot: Shot<HttpAmmo>, observer: Observer<NetSample>): Unsubscribable {
    requireHttpAmmo(ammo, 'http2');
    const exchange = new Http2Exchange(this.context, this.client, ammo, NetSample.of(shot), observer);
    exchange.start();
    return exchange;
  }
}

/** The guns of one pool that shoot HTTP/2 requests at one target. */
export class Http2GunFactory implements GunFactory<HttpAmmo, NetSample> {
  readonly #resources: Http2GunResources;

  /** @param dialing How it connects. Default: straight to the target. */
  constructor(config: Http2GunConfig, deps: Deps, dialing?: Dialing) {
    this.#resources = new Http2GunResources(config, deps, dialing);
  }

  warmUp(): Observable<never> {
    return this.#resources.warmUp();
  }

  create(_context: GunContext): Http2Gun {
    const { client, close } = this.#resources.client();
    return new Http2Gun(this.#resources.context, client, close);
  }

  counters(): ReadonlyMap<string, number> {
    return this.#resources.context.counters.byName;
  }

  close(): Observable<never> {
    return this.#resources.close();
  }
}

/**
 * HTTP/2 requests on a wire of our own, over TLS by default. Each instance has a connection; with `sharedClient` instances share
 * connections, a stream for each request. @example http2({ target: 'localhost:8443' })
 */
export const http2 = component({
  kind: 'gun',
  name: 'http2',
  summary: 'Shoots HTTP/2 requests, over TLS or by prior knowledge, with streams that share connections.',
  example: { target: 'localhost:8080', sharedClient: { enabled: true, clientNumber: 8 }, requestTimeout: '5s' },
  options: refineStruct(http2GunConfig, dialIssue),
  create: (options, deps) => new Http2GunFactory(options, deps),
  describe: (options) => describeHttp('http2', options),
  traits: http2Traits,
});
