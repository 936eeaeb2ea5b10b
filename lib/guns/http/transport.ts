import { concatMap, map, Observable, of } from 'rxjs';
import type { Deps } from '../../core/deps.js';
import type { Ammo, Shot } from '../../core/shot.js';
import type { Bytes } from '../../core/units.js';
import type { HttpAmmo, HttpRequest } from '../../protocols/http.js';
import { NET_CODE } from '../../protocols/netFailure.js';
import { NetSample } from '../../protocols/netSample.js';
import { type Exchange, type Transport, TransportResponse, type Transports } from '../../protocols/transport.js';
import { ConnectBackoff } from '../../wire/dial/connectBackoff.js';
import { originText } from '../../wire/dial/origin.js';
import type { HttpClient } from '../../wire/http1/httpClient.js';
import { unpack } from '../../wire/unpack.js';
import type { HttpGunConfig } from '../shared/httpOptions.js';
import { CUT_BODIES, type ReceivedResponse, receivedResponse } from '../shared/receivedResponse.js';
import { HttpExchange, type HttpGunContext } from './exchange.js';
import { type HttpDialing, HttpGunResources } from './resources.js';

/** The HTTP/1.1 transport of one instance: shots of the gun with kept responses. */
class HttpTransport implements Transport<HttpRequest> {
  readonly origin: string;
  readonly #backoff: ConnectBackoff;

  /** @param close Called when the transport is closed: closes the client unless it is shared. */
  constructor(
    private readonly context: HttpGunContext,
    private readonly client: HttpClient,
    private readonly maxBody: Bytes,
    private readonly options: HttpTransportOptions,
    readonly close: () => void,
  ) {
    this.origin = originText(context.target);
    this.#backoff = new ConnectBackoff(context.random);
  }

  send(request: HttpRequest, shot: Shot<unknown>, tag: string): Observable<Exchange> {
    const ammo: HttpAmmo = { protocol: 'http', id: 0, tag: '', request };
    return new Observable((subscriber) => {
      let response: ReceivedResponse | undefined;
      const { answlog } = this.context;
      const step = this.options.logSteps === true && answlog !== undefined ? stepName(tag, shot) : undefined;
      const samples = new Observable<NetSample>((inner) => {
        const exchange = new HttpExchange(this.context, this.client, this.#backoff, ammo, NetSample.of(shot), inner, {
          write(now, sent, recorded) {
            answlog?.write(now, sent, recorded);
            response = receivedResponse(recorded);
          },
        });
        exchange.start();
        return exchange;
      });
      return samples.pipe(concatMap((sample) => this.#exchange(sample, response))).subscribe(subscriber);
    });
  }

  #exchange(sample: NetSample, response: ReceivedResponse | undefined): Observable<Exchange> {
    if (response === undefined || sample.netCode !== NET_CODE.ok) return of({ sample });
    const { status, headers, encoding } = response;
    return unpack(response.body, encoding, this.maxBody).pipe(
      map(({ bytes, truncated }) => {
        if (truncated) sample.measure({ kind: 'counter', name: CUT_BODIES, value: 1 });
        return { sample, response: new TransportResponse(status, headers, bytes, truncated) };
      }),
    );
  }
}

/** The transports of one pool that carry HTTP/1.1 requests to one target, by the options of the HTTP gun. */
export class HttpTransports implements Transports<HttpRequest> {
  readonly #resources: HttpGunResources;

  /** @param dialing How the transports connect. Default: straight to the target. */
  constructor(
    private readonly config: HttpGunConfig,
    deps: Deps,
    dialing?: HttpDialing,
    private readonly options: HttpTransportOptions = {},
  ) {
    this.#resources = new HttpGunResources(config, deps, dialing, true);
  }

  warmUp(): Observable<never> {
    return this.#resources.warmUp();
  }

  create(): HttpTransport {
    const { client, close } = this.#resources.client();
    return new HttpTransport(this.#resources.context, client, this.config.maxBody, this.options, close);
  }

  counters(): ReadonlyMap<string, number> {
    return this.#resources.context.counters.byName;
  }

  close(): Observable<never> {
    return this.#resources.close();
  }
}
