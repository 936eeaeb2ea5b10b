import type { Ammo } from '../core/ammo.js';
import type { HttpRequest } from './httpRequest.js';

/** One HTTP request on its way to one shot. */
export interface HttpAmmo extends Ammo {
  readonly protocol: 'http';
  readonly request: HttpRequest;
  /**
   * Why this item could not be turned into a request that can be sent; absent when it could. A gun does not send such
   * ammo: it reports a sample with net code 999. Its id is 0 unless it failed after it had been given one.
   */
  readonly problem?: string;
}

/** True when the ammo is an HTTP request, which the HTTP guns require. */
export function isHttpAmmo(ammo: unknown): ammo is HttpAmmo {
  return typeof ammo === 'object' && ammo !== null && (ammo as Partial<HttpAmmo>).protocol === 'http';
}
