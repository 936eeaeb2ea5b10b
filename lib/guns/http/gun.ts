import { Observable, type Observer, type Unsubscribable } from 'rxjs';
import type { Deps } from '../../core/deps.js';
import type { Gun, GunContext, GunFactory } from '../../core/gun.js';
import type { Shot } from '../../core/shot.js';
import { defineComponent } from '../../plugin/descriptor.js';
import { type HttpAmmo, requireHttpAmmo } from '../../protocols/http.js';
import { NetSample } from '../../protocols/netSample.js';
import { type HttpGunConfig, httpGunConfig } from './config.js';
import { ConnectBackoff } from './dial/connectBackoff.js';
import type { Connector } from './dial/connector.js';
import { HttpExchange, type HttpGunContext } from './exchange.js';
import type { HttpClient } from './httpClient.js';
import { HttpGunResources } from './resources.js';

/** The HTTP/1.1 gun of one instance. */
class HttpGun implements Gun<HttpAmmo, NetSample> {
  readonly #rig: HttpGunContext;
  readonly #client: HttpClient;
  readonly #backOff: ConnectBackoff;

  /** @param close Called when the gun is closed: closes the client unless it is shared. */
  constructor(
    rig: HttpGunContext,
    client: HttpClient,
    readonly close: () => void,
  ) {
    this.#rig = rig;
    this.#client = client;
    this.#backOff = new ConnectBackoff(rig.random);
  }

  shoot(ammo: HttpAmmo, shot: Shot<HttpAmmo>): Observable<NetSample> {
    requireHttpAmmo(ammo, 'http');
    return new Observable((subscriber) => this.shootInto(ammo, shot, subscriber));
  }

  shootInto(ammo: HttpAmmo, shot: Shot<HttpAmmo>, observer: Observer<NetSample>): Unsubscribable {
    requireHttpAmmo(ammo, 'http');
    const flight = new HttpExchange(this.#rig, this.#client, this.#backOff, ammo, NetSample.of(shot), observer);
    flight.start();
    return flight;
  }
}

/** The guns of one pool that shoot HTTP/1.1 requests at one target. */
export class HttpGunFactory implements GunFactory<HttpAmmo, NetSample> {
  readonly #parts: HttpGunResources;

  /** @param dial How connections are made; by default over TCP, with TLS when `ssl` says so. */
  constructor(config: HttpGunConfig, deps: Deps, dial?: Connector) {
    this.#parts = new HttpGunResources(config, deps, dial);
  }

  warmUp(): Observable<never> {
    return this.#parts.warmUp();
  }

  create(_context: GunContext): HttpGun {
    const { client, close } = this.#parts.client();
    return new HttpGun(this.#parts.rig, client, close);
  }

  close(): Observable<never> {
    return this.#parts.close();
  }
}

/** The main gun: HTTP/1.1 requests over connections of its own, as fast as one core allows. */
export const httpGun = defineComponent({
  kind: 'gun',
  name: 'http',
  summary: 'Shoots HTTP/1.1 requests, over TLS when asked, one kept connection per instance.',
  codec: () => httpGunConfig,
  create: (config, deps) => new HttpGunFactory(config, deps),
});
