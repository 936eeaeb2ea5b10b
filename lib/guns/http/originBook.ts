import type { Origin } from './origin.js';

/** Most origins that are kept: redirects of a hostile target may name any number of hosts. */
const LIMIT = 1024;

/** Every origin that a gun has met, so that one host is one object. */
export class OriginBook {
  readonly #origins = new Map<string, Origin>();

  get(host: string, port: number, ssl: boolean): Origin {
    const key = `${ssl ? 'https' : 'http'}://${host}:${port}`;
    const known = this.#origins.get(key);
    if (known !== undefined) return known;
    const origin: Origin = { host, port, ssl, remember: false };
    if (this.#origins.size < LIMIT) this.#origins.set(key, origin);
    return origin;
  }

  /** Makes this the origin that is answered for its host and port. */
  add(origin: Origin): Origin {
    this.#origins.set(`${origin.ssl ? 'https' : 'http'}://${origin.host}:${origin.port}`, origin);
    return origin;
  }
}
