import { concat, EMPTY } from 'rxjs';
import { endpoint, headers } from '../../codec/net.js';
import { defaultsOf, optional, refineStruct, required, type StructOf, struct } from '../../codec/struct.js';
import type { Deps } from '../../core/deps.js';
import { component } from '../../plugin/component.js';
import type { HttpRequest } from '../../protocols/http.js';
import type { Connector, SecurableSocket } from '../../wire/dial/connector.js';
import type { Origin, OriginCache } from '../../wire/dial/origin.js';
import { socketConnector } from '../../wire/dial/socketConnector.js';
import { tunnelConnector } from '../../wire/dial/tunnelConnector.js';
import { wireHost } from '../../wire/requestRules.js';
import { doing, probe } from '../shared/dialing.js';
import { dialIssue, dialOptions, originOf } from '../shared/dialOptions.js';
import { describeHttp, httpGunConfig, httpTraits } from '../shared/httpOptions.js';
import { tlsClient, tlsConfig, tlsFiles } from '../shared/tlsOptions.js';
import { HttpGunFactory } from './gun.js';
import type { HttpDialing } from './resources.js';

const connectKeys = {
  ...httpGunConfig.fields,
  /** The proxy, host:port. */
  target: required(endpoint, 'the proxy, host:port'),
  /** Speak TLS with the proxy, before the tunnel. */
  connectSsl: optional(httpGunConfig.fields.connectSsl.codec, false, 'speak TLS with the proxy, before the tunnel'),
  /** Certificates and versions of TLS with the proxy. */
  connectTls: optional(tlsConfig, defaultsOf(tlsConfig), 'certificates and versions of TLS with the proxy'),
  /** Headers of CONNECT, such as "[Proxy-Authorization: Basic ${PROXY}]". */
  connectHeaders: optional(headers, [], 'headers of CONNECT, such as "[Proxy-Authorization: Basic ${PROXY}]"'),
} as const;

type ConnectConfig = StructOf<typeof connectKeys>;

/** The most hosts whose origins are found without parsing again. */
const MAX_KNOWN = 65_536;

/**
 * Returns the function that finds where a request of the `connect` gun goes: to the host of its ammo, by default at port 80, or
 * 443 with TLS; to the target when the ammo has no host. It returns a text, the reason, for a host that cannot be connected to.
 */
function authorityOf(target: Origin): (request: Pick<HttpRequest, 'host'>, origins: OriginCache) => Origin | string {
  const known = new Map<string, Origin | string>();
  return ({ host }, origins) => {
    if (host === '') return target;
    const found = known.get(host);
    if (found !== undefined) return found;
    const made = parse(host, target.ssl, origins);
    if (known.size < MAX_KNOWN) known.set(host, made);
    return made;
  };
}

function parse(host: string, ssl: boolean, origins: OriginCache): Origin | string {
  const ascii = wireHost(host);
  const withPort = /:\d+$/.test(ascii.replace(/^\[.*\]/, '')) ? ascii : `${ascii}:${ssl ? 443 : 80}`;
  const parsed = endpoint.decode(withPort);
  if (parsed._tag === 'Left' || parsed.right.host === '')
    return `no tunnel can lead to the host ${JSON.stringify(host)}`;
  return origins.get(parsed.right.host, parsed.right.port, ssl);
}

/**
 * Connections through the proxy that is the target. The address of the proxy is resolved before the run; names of origins are
 * resolved by the proxy.
 *
 * @param dial Opens connections to the proxy instead, for specs.
 */
export function tunnelDialing(config: ConnectConfig, deps: Deps, dial?: Connector<SecurableSocket>): HttpDialing {
  const { target, ssl, connectSsl, tlsHandshakeTimeout, connectHeaders } = config;
  const proxy: Origin = originOf(target, connectSsl, config.dial);
  const last: Origin = { ...proxy, ssl, remember: false };
  const [tls, innerTls] = [tlsClient(config.connectTls), tlsClient(config.tls)];
  const options = { ...dialOptions(config.dial, deps), tlsHandshakeTimeout, tls, innerTls };
  // The time of the whole way to an open tunnel is limited there.
  const toProxy = dial ?? socketConnector({ ...options, timeout: 0 });
  return {
    connect: tunnelConnector({
      scheduler: deps.scheduler,
      proxy,
      dial: toProxy,
      timeout: config.dial.timeout,
      headers: connectHeaders.map(({ name, value }) => [name, value]),
    }),
    target: last,
    originOf: authorityOf(last),
    warmUp: () =>
      concat(
        doing(() => {
          if (connectSsl) tls.prepare();
          if (ssl) innerTls.prepare();
        }),
        proxy.remember && !config.dial.roundRobin ? probe(proxy, dial ?? socketConnector(options), deps.log) : EMPTY,
      ),
  };
}

/**
 * Shoots HTTP/1.1 requests through a proxy: a tunnel by `CONNECT` for each connection, TLS inside it when `ssl` is true.
 *
 * @example
 * connect({ target: 'proxy.test:3128', ssl: true, connectHeaders: ['[Proxy-Authorization: Basic dXNlcjpwYXNz]'] });
 */
export const connect = component({
  kind: 'gun',
  name: 'connect',
  summary: 'Shoots HTTP/1.1 requests through a proxy, in tunnels that CONNECT opens.',
  example: { target: 'localhost:8080', dial: { timeout: '5s' }, connectHeaders: ['[User-Agent: elpis]'] },
  options: refineStruct(struct('connect gun', connectKeys), dialIssue),
  create: (options, deps) => new HttpGunFactory(options, deps, tunnelDialing(options, deps)),
  describe: (options) =>
    describeHttp(`connect through the proxy${options.connectSsl ? ', with TLS to it,' : ''}`, options),
  traits: (options) => {
    const { connections, files = [], ...traits } = httpTraits(options);
    const hosts = options.maxIdleConns > 0 ? options.maxIdleConns : Number.POSITIVE_INFINITY;
    return {
      ...traits,
      ...(connections === undefined ? {} : { connections: { ...connections, hosts } }),
      files: [...files, ...tlsFiles(options.connectTls, 'connect-tls')],
    };
  },
});
