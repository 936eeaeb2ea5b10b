import type { Observable } from 'rxjs';
import type { Deps } from '../../core/deps.js';
import type { HttpRequest } from '../../protocols/http.js';
import type { Transports } from '../../protocols/transport.js';
import { originText } from '../../wire/dial/origin.js';
import type { Dialing } from '../shared/dialing.js';
import type { Http2GunConfig } from '../shared/httpOptions.js';
import { type HttpTransportOptions, RequestTransport, type Shoot } from '../shared/requestTransport.js';
import { Http2Exchange } from './exchange.js';
import { Http2GunResources } from './resources.js';

/** The transports of one pool that carry HTTP/2 requests to one target, by the options of the HTTP/2 gun. */
export class Http2Transports implements Transports<HttpRequest> {
  readonly #resources: Http2GunResources;

  /** @param dialing How the transports connect. Default: straight to the target. */
  constructor(
    private readonly config: Http2GunConfig,
    deps: Deps,
    dialing?: Dialing,
    private readonly options: HttpTransportOptions = {},
  ) {
    this.#resources = new Http2GunResources(config, deps, dialing, true);
  }

  warmUp(): Observable<never> {
    return this.#resources.warmUp();
  }

  create(): RequestTransport {
    const { client, close } = this.#resources.client();
    const { context } = this.#resources;
    const { answlog, exchanges, target } = context;
    const shoot: Shoot = (ammo, sample, observer, responses) => {
      const exchange = new Http2Exchange(context, client, ammo, sample, observer, responses);
      exchange.start();
      return exchange;
    };
    const { maxBody } = this.config;
    return new RequestTransport({
      ...this.options,
      origin: originText(target),
      answlog,
      exchanges,
      maxBody,
      shoot,
      close,
    });
  }

  counters(): ReadonlyMap<string, number> {
    return this.#resources.context.counters.byName;
  }

  close(): Observable<never> {
    return this.#resources.close();
  }
}
