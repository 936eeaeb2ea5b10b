import { Observable } from 'rxjs';
import type { Shot } from '../../core/shot.js';
import type { HttpAmmo } from '../../protocols/httpAmmo.js';
import type { HttpRequest } from '../../protocols/httpRequest.js';
import { NET_CODE } from '../../protocols/netCode.js';
import { NetSample } from '../../protocols/netSample.js';
import type { Exchange, Transport } from '../../protocols/transport.js';
import { DialBackOff } from './dialBackOff.js';
import type { HttpClient } from './httpClient.js';
import type { HttpRig } from './httpRig.js';
import { HttpShot } from './httpShot.js';
import { originText } from './originText.js';
import type { ResponseTap } from './responseTap.js';

/** The HTTP/1.1 transport of one instance: the gun's own shots, whose responses are kept. */
export class HttpTransport implements Transport<HttpRequest> {
  readonly origin: string;
  readonly #backOff: DialBackOff;

  /** @param close Called when the transport is closed: closes the client unless it is shared. */
  constructor(
    private readonly rig: HttpRig,
    private readonly tap: ResponseTap,
    private readonly client: HttpClient,
    readonly close: () => void,
  ) {
    this.origin = originText(rig.target);
    this.#backOff = new DialBackOff(rig.random);
  }

  send(request: HttpRequest, shot: Shot<unknown>): Observable<Exchange> {
    const ammo: HttpAmmo = { protocol: 'http', id: 0, tag: '', request };
    return new Observable((subscriber) => {
      const samples = new Observable<NetSample>((inner) => {
        const sent = new HttpShot(this.rig, this.client, this.#backOff, ammo, NetSample.of(shot), inner);
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
