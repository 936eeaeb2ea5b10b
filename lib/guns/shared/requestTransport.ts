import { concatMap, map, Observable, type Observer, of, type Unsubscribable } from 'rxjs';
import type { ExchangeKeeper } from '../../core/deps.js';
import { ElpisError } from '../../core/errors.js';
import type { Ammo, Shot } from '../../core/shot.js';
import type { Bytes } from '../../core/units.js';
import type { HttpAmmo, HttpRequest } from '../../protocols/http.js';
import { NET_CODE } from '../../protocols/netFailure.js';
import { NetSample } from '../../protocols/netSample.js';
import { type Exchange, type Transport, TransportResponse } from '../../protocols/transport.js';
import { headersOf, type ResponseRecorder, type ResponseSink } from '../../wire/http1/capture.js';
import { type Body, unpack } from '../../wire/unpack.js';
import { offerHttp, shown } from './exchangeText.js';

/** Name of the counter in samples of responses longer than `max-body`. */
export const CUT_BODIES = 'bodies cut at max-body';

/** A response as received, before it is unpacked. */
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

/** The name of a step in the answlog, as Pandora's: its tag, a number of the run of its scenario, and the id of the ammo. */
const stepName = (tag: string, { index, ammo }: Shot<unknown>): string =>
  `${tag}.${index + 1}.${(Object(ammo) as Partial<Ammo>).id ?? 0}`;

/** Options of the transports of HTTP/1.1 and HTTP/2. */
export interface HttpTransportOptions {
  /** Write the steps of scenario files into the answlog, with their names. Default false: requests. */
  readonly logSteps?: boolean;
}

/** Begins a shot that passes its response to the sink, and its sample to the observer. Unsubscribing aborts it. */
export type Shoot = (
  ammo: HttpAmmo,
  sample: NetSample,
  observer: Observer<NetSample>,
  responses: ResponseSink,
) => Unsubscribable;

const NOTHING = new Uint8Array(0);

/** A response as text: status, headers and the unpacked body. */
function shownResponse({ status, headers, body }: TransportResponse): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`);
  return shown(Buffer.concat([Buffer.from(`HTTP status ${status}\r\n${lines.join('')}\r\n`), body]));
}

/** Options of a {@link RequestTransport}. */
export interface RequestTransportOptions extends HttpTransportOptions {
  /** The target in messages and examples. */
  readonly origin: string;
  readonly answlog: ResponseSink | undefined;
  /** Keeps examples; absent when none are kept. */
  readonly exchanges: ExchangeKeeper | undefined;
  /** Most bytes of an unpacked body. */
  readonly maxBody: Bytes;
  readonly shoot: Shoot;
  /** Called when the transport is closed: closes the client unless it is shared. */
  readonly close: () => void;
}

/** The transport of one instance over any version of HTTP: shots of a gun with kept responses. */
export class RequestTransport implements Transport<HttpRequest> {
  readonly origin: string;

  constructor(private readonly options: RequestTransportOptions) {
    this.origin = options.origin;
  }

  close(): void {
    this.options.close();
  }

  send(request: HttpRequest, shot: Shot<unknown>, tag: string): Observable<Exchange> {
    if (typeof (Object(request) as Partial<HttpRequest>).target !== 'string') {
      const hint = 'calls over gRPC need the gun grpc/scenario';
      throw new ElpisError('ELPIS_SHOT', 'the gun cannot send this request, expected one over HTTP', { hint });
    }
    const ammo: HttpAmmo = { protocol: 'http', id: 0, tag, request };
    const { answlog, logSteps, shoot } = this.options;
    return new Observable((subscriber) => {
      let response: ReceivedResponse | undefined;
      let bytes: Uint8Array = NOTHING;
      const step = logSteps === true && answlog !== undefined ? stepName(tag, shot) : undefined;
      const samples = new Observable<NetSample>((inner) =>
        shoot(ammo, NetSample.of(shot), inner, {
          write(now, sent, recorded) {
            answlog?.write(now, sent, recorded, step);
            response = received(recorded);
            bytes = sent;
          },
        }),
      );
      const ended = ({ sample, response: read }: Exchange): Exchange =>
        read === undefined ? { sample } : { sample, response: read, ...this.#offering(ammo, sample, read, bytes) };
      return samples
        .pipe(
          concatMap((sample) => this.#exchange(sample, response)),
          map(ended),
        )
        .subscribe(subscriber);
    });
  }

  #offering(
    { tag, request }: HttpAmmo,
    sample: NetSample,
    read: TransportResponse,
    bytes: Uint8Array,
  ): Pick<Exchange, 'offer'> {
    const { exchanges, origin } = this.options;
    if (exchanges === undefined) return {};
    const { started: startedAt, ended: endedAt } = sample;
    const response = (): string => shownResponse(read);
    const sent = (): Uint8Array => bytes;
    return {
      offer: (reason) => offerHttp(exchanges, { tag, reason, startedAt, endedAt, request, origin, sent, response }),
    };
  }

  #exchange(sample: NetSample, response: ReceivedResponse | undefined): Observable<Exchange> {
    if (response === undefined || sample.netCode !== NET_CODE.ok) return of({ sample });
    const { status, headers, encoding } = response;
    return unpack(response.body, encoding, this.options.maxBody).pipe(
      map(({ bytes, truncated }) => {
        if (truncated) sample.measure({ kind: 'counter', name: CUT_BODIES, value: 1 });
        return { sample, response: new TransportResponse(status, headers, bytes, truncated) };
      }),
    );
  }
}
