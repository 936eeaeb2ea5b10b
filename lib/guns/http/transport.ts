import { Observable } from 'rxjs';
import type { Deps } from '../../core/deps.js';
import type { Shot } from '../../core/shot.js';
import type { HttpAmmo, HttpRequest } from '../../protocols/http.js';
import { NET_CODE } from '../../protocols/netFailure.js';
import { NetSample } from '../../protocols/netSample.js';
import type { Exchange, Transport, Transports } from '../../protocols/transport.js';
import { LastResponse } from './capture.js';
import type { HttpGunConfig } from './config.js';
import { ConnectBackoff } from './dial/connectBackoff.js';
import type { Connector } from './dial/connector.js';
import { HttpExchange, type HttpGunContext } from './exchange.js';
import type { HttpClient } from './httpClient.js';
import { originText } from './origin.js';
import { HttpGunResources } from './resources.js';

/** The HTTP/1.1 transport of one instance: the gun's own shots, whose responses are kept. */
class HttpTransport implements Transport<HttpRequest> {
  readonly origin: string;
  readonly #backOff: ConnectBackoff;

  /** @param close Called when the transport is closed: closes the client unless it is shared. */
  constructor(
    private readonly rig: HttpGunContext,
    private readonly tap: LastResponse,
    private readonly client: HttpClient,
    readonly close: () => void,
  ) {
    this.origin = originText(rig.target);
    this.#backOff = new ConnectBackoff(rig.random);
  }

  send(request: HttpRequest, shot: Shot<unknown>): Observable<Exchange> {
    const ammo: HttpAmmo = { protocol: 'http', id: 0, tag: '', request };
    return new Observable((subscriber) => {
      const samples = new Observable<NetSample>((inner) => {
        const sent = new HttpExchange(this.rig, this.client, this.#backOff, ammo, NetSample.of(shot), inner);
        sent.start();
        return sent;
      });
      return samples.subscribe({
        next: (sample) => {
          const response = this.tap.take();
          const whole = sample.netCode === NET_CODE.ok && response !== undefined;
          subscriber.next(whole ? { sample, response } : { sample });
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      });
    });
  }
}

/** The transports of one pool that carry HTTP/1.1 requests to one target, by the options of the HTTP gun. */
export class HttpTransports implements Transports<HttpRequest> {
  readonly #tap = new LastResponse();
  readonly #parts: HttpGunResources;

  /** @param dial How connections are made; by default over TCP, with TLS when `ssl` says so. */
  constructor(config: HttpGunConfig, deps: Deps, dial?: Connector) {
    this.#parts = new HttpGunResources(config, deps, dial, this.#tap);
  }

  warmUp(): Observable<never> {
    return this.#parts.warmUp();
  }

  create(): HttpTransport {
    const { client, close } = this.#parts.client();
    return new HttpTransport(this.#parts.rig, this.#tap, client, close);
  }

  close(): Observable<never> {
    return this.#parts.close();
  }
}
