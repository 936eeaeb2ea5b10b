import type { Deps } from '../../core/deps.js';
import type { Http2Client } from '../../wire/http2/http2Client.js';
import { ClientTransports } from '../shared/clientTransports.js';
import type { Dialing } from '../shared/dialing.js';
import type { Http2GunConfig } from '../shared/httpOptions.js';
import type { HttpTransportOptions, Shoot } from '../shared/requestTransport.js';
import type { Http2GunContext } from './context.js';
import { Http2Exchange } from './exchange.js';
import { Http2GunResources } from './resources.js';

function shootBy(context: Http2GunContext, client: Http2Client): Shoot {
  return (ammo, sample, observer, responses) => {
    const exchange = new Http2Exchange(context, client, ammo, sample, observer, responses);
    exchange.start();
    return exchange;
  };
}

/** The transports of one pool that carry HTTP/2 requests to one target, by the options of the HTTP/2 gun. */
export class Http2Transports extends ClientTransports<Http2Client> {
  /** @param dialing How the transports connect. Default: straight to the target. */
  constructor(config: Http2GunConfig, deps: Deps, dialing?: Dialing, options: HttpTransportOptions = {}) {
    const resources = new Http2GunResources(config, deps, dialing, true);
    const { maxBody } = config;
    super(resources, { ...options, maxBody }, (client) => shootBy(resources.context, client));
  }
}
