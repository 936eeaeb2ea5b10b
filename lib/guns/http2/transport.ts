import { concatMap, map, Observable, of } from 'rxjs';
import type { Deps } from '../../core/deps.js';
import type { Shot } from '../../core/shot.js';
import type { Bytes } from '../../core/units.js';
import type { HttpAmmo, HttpRequest } from '../../protocols/http.js';
import { NET_CODE } from '../../protocols/netFailure.js';
import { NetSample } from '../../protocols/netSample.js';
import { type Exchange, type Transport, TransportResponse, type Transports } from '../../protocols/transport.js';
import { originText } from '../../wire/dial/origin.js';
import type { StreamClient } from '../../wire/http2/streamListener.js';
import { unpack } from '../../wire/unpack.js';
import type { Dialing } from '../shared/dialing.js';
import type { Http2GunConfig } from '../shared/httpOptions.js';
import { CUT_BODIES, type ReceivedResponse, receivedResponse } from '../shared/receivedResponse.js';
import type { Http2GunContext } from './context.js';
import { Http2Exchange } from './exchange.js';
import { Http2GunResources } from './resources.js';

/** The HTTP/2 transport of one instance: shots of the gun with kept responses. Requests at the same time share a connection. */
class Http2Transport implements Transport<HttpRequest> {
  readonly origin: string;

  /** @param close Called when the transport is closed: closes the client unless it is shared. */
  constructor(
    private readonly context: Http2GunContext,
    private readonly client: StreamClient,
    private readonly maxBody: Bytes,
    readonly close: () => void,
  ) {
    this.origin = originText(context.target);
  }

  send(request: HttpRequest, shot: Shot<unknown>): Observable<Exchange> {
    const ammo: HttpAmmo = { protocol: 'http', id: 0, tag: '', request };
    return new Observable((subscriber) => {
      let response: ReceivedResponse | undefined;
      const { answlog } = this.context;
      const samples = new Observable<NetSample>((inner) => {
        const exchange = new Http2Exchange(this.context, this.client, ammo, NetSample.of(shot), inner, {
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

/** The transports of one pool that carry HTTP/2 requests to one target, by the options of the HTTP/2 gun. */
export class Http2Transports implements Transports<HttpRequest> {
  readonly #resources: Http2GunResources;

  /** @param dialing How it connects. Default: straight to the target. */
  constructor(
    private readonly config: Http2GunConfig,
    deps: Deps,
    dialing?: Dialing,
  ) {
    this.#resources = new Http2GunResources(config, deps, dialing, true);
  }

  warmUp(): Observable<never> {
    return this.#resources.warmUp();
  }

  create(): Http2Transport {
    const { client, close } = this.#resources.client();
    return new Http2Transport(this.#resources.context, client, this.config.maxBody, close);
  }

  counters(): ReadonlyMap<string, number> {
    return this.#resources.context.counters.byName;
  }

  close(): Observable<never> {
    return this.#resources.close();
  }
}
