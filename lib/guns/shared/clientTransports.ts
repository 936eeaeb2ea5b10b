import type { Observable } from 'rxjs';
import type { ExchangeKeeper } from '../../core/deps.js';
import type { Bytes } from '../../core/units.js';
import type { HttpRequest } from '../../protocols/http.js';
import type { Transports } from '../../protocols/transport.js';
import { type Origin, originText } from '../../wire/dial/origin.js';
import type { ResponseSink } from '../../wire/http1/capture.js';
import { type HttpTransportOptions, RequestTransport, type Shoot } from './requestTransport.js';
import type { ClientLease } from './sharedClients.js';

/** What the transports of a pool use together, such as the resources of an HTTP gun. */
export interface TransportResources<C> {
  readonly context: {
    readonly target: Origin;
    readonly answlog: ResponseSink | undefined;
    readonly exchanges: ExchangeKeeper | undefined;
    readonly counters: { readonly byName: ReadonlyMap<string, number> };
  };
  warmUp(): Observable<never>;
  client(): ClientLease<C>;
  close(): Observable<never>;
}

/** Options of {@link ClientTransports}. */
export interface ClientTransportsOptions extends HttpTransportOptions {
  /** The largest body of a response. */
  readonly maxBody: Bytes;
}

/** The transports of one pool that carry requests of HTTP to one target, each over a client of its own or a shared one. */
export class ClientTransports<C> implements Transports<HttpRequest> {
  /** @param shootBy Returns how a client shoots a request. */
  constructor(
    private readonly resources: TransportResources<C>,
    private readonly options: ClientTransportsOptions,
    private readonly shootBy: (client: C) => Shoot,
  ) {}

  warmUp(): Observable<never> {
    return this.resources.warmUp();
  }

  create(): RequestTransport {
    const { client, close } = this.resources.client();
    const { answlog, exchanges, target } = this.resources.context;
    const origin = originText(target);
    return new RequestTransport({ ...this.options, origin, answlog, exchanges, shoot: this.shootBy(client), close });
  }

  counters(): ReadonlyMap<string, number> {
    return this.resources.context.counters.byName;
  }

  close(): Observable<never> {
    return this.resources.close();
  }
}
