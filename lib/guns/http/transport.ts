import type { Observable } from 'rxjs';
import type { Deps } from '../../core/deps.js';
import type { HttpRequest } from '../../protocols/http.js';
import type { Transports } from '../../protocols/transport.js';
import { ConnectBackoff } from '../../wire/dial/connectBackoff.js';
import { originText } from '../../wire/dial/origin.js';
import type { HttpGunConfig } from '../shared/httpOptions.js';
import { type HttpTransportOptions, RequestTransport, type Shoot } from '../shared/requestTransport.js';
import { HttpExchange } from './exchange.js';
import { type HttpDialing, HttpGunResources } from './resources.js';

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

  create(): RequestTransport {
    const { client, close } = this.#resources.client();
    const { context } = this.#resources;
    const backoff = new ConnectBackoff(context.random);
    const { answlog, exchanges, target } = context;
    const shoot: Shoot = (ammo, sample, observer, responses) => {
      const exchange = new HttpExchange(context, client, backoff, ammo, sample, observer, responses);
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
