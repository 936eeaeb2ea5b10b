import { Observable, type Observer, type Unsubscribable } from 'rxjs';
import type { Gun } from '../../core/gun.js';
import type { Shot } from '../../core/shot.js';
import type { HttpAmmo } from '../../protocols/httpAmmo.js';
import { NetSample } from '../../protocols/netSample.js';
import { requireHttpAmmo } from '../shared/requireHttpAmmo.js';
import { DialBackOff } from './dialBackOff.js';
import type { HttpClient } from './httpClient.js';
import type { HttpRig } from './httpRig.js';
import { HttpShot } from './httpShot.js';

/** The HTTP/1.1 gun of one instance. */
export class HttpShooter implements Gun<HttpAmmo, NetSample> {
  readonly #rig: HttpRig;
  readonly #client: HttpClient;
  readonly #backOff: DialBackOff;

  /** @param close Called when the gun is closed: closes the client unless it is shared. */
  constructor(
    rig: HttpRig,
    client: HttpClient,
    readonly close: () => void,
  ) {
    this.#rig = rig;
    this.#client = client;
    this.#backOff = new DialBackOff(rig.random);
  }

  shoot(ammo: HttpAmmo, shot: Shot<HttpAmmo>): Observable<NetSample> {
    requireHttpAmmo(ammo, 'http');
    return new Observable((subscriber) => this.shootInto(ammo, shot, subscriber));
  }

  shootInto(ammo: HttpAmmo, shot: Shot<HttpAmmo>, observer: Observer<NetSample>): Unsubscribable {
    requireHttpAmmo(ammo, 'http');
    const flight = new HttpShot(this.#rig, this.#client, this.#backOff, ammo, NetSample.of(shot), observer);
    flight.start();
    return flight;
  }
}
