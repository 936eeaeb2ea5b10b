import type { Observable } from 'rxjs';
import type { Armoury, GunContext } from '../../core/armoury.js';
import type { Deps } from '../../core/deps.js';
import type { HttpAmmo } from '../../protocols/httpAmmo.js';
import type { NetSample } from '../../protocols/netSample.js';
import type { HttpGunConfig } from './httpGunConfig.js';
import { HttpParts } from './httpParts.js';
import { HttpShooter } from './httpShooter.js';
import type { Dial } from './wire.js';

/** The guns of one pool that shoot HTTP/1.1 requests at one target. */
export class HttpArmoury implements Armoury<HttpAmmo, NetSample> {
  readonly #parts: HttpParts;

  /** @param dial How connections are made; by default over TCP, with TLS when `ssl` says so. */
  constructor(config: HttpGunConfig, deps: Deps, dial?: Dial) {
    this.#parts = new HttpParts(config, deps, dial);
  }

  warmUp(): Observable<never> {
    return this.#parts.warmUp();
  }

  make(_context: GunContext): HttpShooter {
    const { client, close } = this.#parts.client();
    return new HttpShooter(this.#parts.rig, client, close);
  }

  close(): Observable<never> {
    return this.#parts.close();
  }
}
