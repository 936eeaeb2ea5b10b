import type { Ammo } from '../core/ammo.js';
import type { HttpRequest } from './httpRequest.js';

/** One HTTP request on its way to one shot. */
export interface HttpAmmo extends Ammo {
  readonly protocol: 'http';
  readonly request: HttpRequest;
}

/** True when the ammo is an HTTP request, which the HTTP guns require. */
export function isHttpAmmo(ammo: unknown): ammo is HttpAmmo {
  return typeof ammo === 'object' && ammo !== null && (ammo as Partial<HttpAmmo>).protocol === 'http';
}
