import type { Observable } from 'rxjs';
import type { Deps } from '../../core/deps.js';
import type { HttpRequest } from '../../protocols/httpRequest.js';
import type { Transports } from '../../protocols/transport.js';
import type { HttpGunConfig } from './httpGunConfig.js';
import { HttpParts } from './httpParts.js';
import { HttpTransport } from './httpTransport.js';
import { ResponseTap } from './responseTap.js';
import type { Dial } from './wire.js';

/** The transports of one pool that carry HTTP/1.1 requests to one target, by the options of the HTTP gun. */
export class HttpTransports implements Transports<HttpRequest> {
  readonly #tap = new ResponseTap();
  readonly #parts: HttpParts;

  /** @param dial How connections are made; by default over TCP, with TLS when `ssl` says so. */
  constructor(config: HttpGunConfig, deps: Deps, dial?: Dial) {
    this.#parts = new HttpParts(config, deps, dial, this.#tap);
  }

  warmUp(): Observable<never> {
    return this.#parts.warmUp();
  }

  make(): HttpTransport {
    const { client, close } = this.#parts.client();
    return new HttpTransport(this.#parts.rig, this.#tap, client, close);
  }

  close(): Observable<never> {
    return this.#parts.close();
  }
}
