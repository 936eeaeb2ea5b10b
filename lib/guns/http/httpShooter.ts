import { Observable } from 'rxjs';
import type { Gun } from '../../core/gun.js';
import type { Shot } from '../../core/shot.js';
import type { HttpAmmo } from '../../protocols/httpAmmo.js';
import { NetSample } from '../../protocols/netSample.js';
import { requireHttpAmmo } from '../shared/requireHttpAmmo.js';
import { DialBackOff } from './dialBackOff.js';
import type { HttpClient } from './httpClient.js';
import type { HttpRig } from './httpRig.js';
import { HttpShot } from './httpShot.js';

/** The HTTP/1.1 gun of one instance. Its one stream is subscribed to once per shot. */
export class HttpShooter implements Gun<HttpAmmo, NetSample> {
  readonly #stream: Observable<NetSample>;
  #ammo: HttpAmmo | undefined;
  #shot: Shot<HttpAmmo> | undefined;

  /** @param close Called when the gun is closed: closes the client unless it is shared. */
  constructor(
    rig: HttpRig,
    client: HttpClient,
    readonly close: () => void,
  ) {
    const backOff = new DialBackOff(rig.random);
    this.#stream = new Observable((subscriber) => {
      const sample = NetSample.of(this.#shot as Shot<HttpAmmo>);
      const shot = new HttpShot(rig, client, backOff, this.#ammo as HttpAmmo, sample, subscriber);
      shot.start();
      return shot;
    });
  }

  shoot(ammo: HttpAmmo, shot: Shot<HttpAmmo>): Observable<NetSample> {
    requireHttpAmmo(ammo, 'http');
    this.#ammo = ammo;
    this.#shot = shot;
    return this.#stream;
  }
}
