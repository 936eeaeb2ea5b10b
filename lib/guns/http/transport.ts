import { concatMap, map, Observable, of } from 'rxjs';
import type { Deps } from '../../core/deps.js';
import type { Shot } from '../../core/shot.js';
import type { Bytes } from '../../core/units.js';
import type { HttpAmmo, HttpRequest } from '../../protocols/http.js';
import { NET_CODE } from '../../protocols/netFailure.js';
import { NetSample } from '../../protocols/netSample.js';
import { type Exchange, type Transport, TransportResponse, type Transports } from '../../protocols/transport.js';
import { ConnectBackoff } from '../../wire/dial/connectBackoff.js';
import type { Connector } from '../../wire/dial/connector.js';
import { originText } from '../../wire/dial/origin.js';
import { headersOf, type ResponseRecorder } from '../../wire/http1/capture.js';
import type { HttpClient } from '../../wire/http1/httpClient.js';
import { type Body, unpack } from '../../wire/unpack.js';
import type { HttpGunConfig } from '../shared/httpOptions.js';
import { HttpExchange, type HttpGunContext } from './exchange.js';
import { HttpGunResources } from './resources.js';

/** Name of the counter in samples of responses longer than `max-body`. */
export const CUT_BODIES = 'bodies cut at max-body';

/** A response as received. */
interface ReceivedResponse {
  readonly status: number;
  readonly headers: TransportResponse['headers'];
  readonly encoding: string | undefined;
  readonly body: Body;
}

const received = (recorder: ResponseRecorder): ReceivedResponse => ({
  status: recorder.status,
  headers: headersOf(recorder),
  encoding: recorder.header('content-encoding'),
  body: { bytes: recorder.body, truncated: recorder.truncated },
});

/** The HTTP/1.1 transport of one instance: shots of the gun with kept responses. */
class HttpTransport implements Transport<HttpRequest> {
  readonly origin: string;
  readonly #backoff: ConnectBackoff;

  /** @param close Called when the transport is closed: closes the client unless it is shared. */
  constructor(
    private readonly context: HttpGunContext,
    private readonly client: HttpClient,
    private readonly maxBody: Bytes,
    readonly close: () => void,
  ) {
    this.origin = originText(context.target);
    this.#backoff = new ConnectBackoff(context.random);
  }

  send(request: HttpRequest, shot: Shot<unknown>): Observable<Exchange> {
    const ammo: HttpAmmo = { protocol: 'http', id: 0, tag: '', request };
    return new Observable((subscriber) => {
      let response: ReceivedResponse | undefined;
      const { answlog } = this.context;
      const samples = new Observable<NetSample>((inner) => {
        const exchange = new HttpExchange(this.context, this.client, this.#backoff, ammo, NetSample.of(shot), inner, {
          write(now, sent, recorded) {
            answlog?.write(now, sent, recorded);
            response = received(recorded);
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

  /**
   * @param connect Opens connections. Default: over TCP, with TLS when `ssl` is true.
   */
  constructor(
    private readonly config: HttpGunConfig,
    deps: Deps,
    connect?: Connector,
  ) {
    this.#resources = new HttpGunResources(config, deps, connect, true);
  }

  warmUp(): Observable<never> {
    return this.#resources.warmUp();
  }

  create(): HttpTransport {
    const { client, close } = this.#resources.client();
    return new HttpTransport(this.#resources.context, client, this.config.maxBody, close);
  }

  counters(): ReadonlyMap<string, number> {
    return this.#resources.context.counters.byName;
  }

  close(): Observable<never> {
    return this.#resources.close();
  }
}
