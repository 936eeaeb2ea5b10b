import type { Deps } from '../../core/deps.js';
import { ConnectBackoff } from '../../wire/dial/connectBackoff.js';
import type { HttpClient } from '../../wire/http1/httpClient.js';
import { ClientTransports } from '../shared/clientTransports.js';
import type { HttpGunConfig } from '../shared/httpOptions.js';
import type { HttpTransportOptions, Shoot } from '../shared/requestTransport.js';
import type { HttpGunContext } from './context.js';
import { HttpExchange } from './exchange.js';
import { type HttpDialing, HttpGunResources } from './resources.js';

function shootBy(context: HttpGunContext, client: HttpClient): Shoot {
  const backoff = new ConnectBackoff(context.random);
  return (ammo, sample, observer, responses) => {
    const exchange = new HttpExchange(context, client, backoff, ammo, sample, observer, responses);
    exchange.start();
    return exchange;
  };
}

/** The transports of one pool that carry HTTP/1.1 requests to one target, by the options of the HTTP gun. */
export class HttpTransports extends ClientTransports<HttpClient> {
  /** @param dialing How the transports connect. Default: straight to the target. */
  constructor(config: HttpGunConfig, deps: Deps, dialing?: HttpDialing, options: HttpTransportOptions = {}) {
    const resources = new HttpGunResources(config, deps, dialing, true);
    const { maxBody } = config;
    super(resources, { ...options, maxBody }, (client) => shootBy(resources.context, client));
  }
}
