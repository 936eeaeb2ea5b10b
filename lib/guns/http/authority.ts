import { endpoint } from '../../codec/net.js';
import type { HttpRequest } from '../../protocols/http.js';
import type { Origin, OriginCache } from '../../wire/dial/origin.js';
import { wireHost } from '../../wire/http1/request.js';

/** The most hosts whose origins are found without parsing again. */
const MOST_KNOWN = 4096;

/**
 * Returns the function that finds where a request of the `connect` gun goes: to the host of its ammo, by default at port 80, or
 * 443 with TLS; to the target when the ammo has no host. It returns a text, the reason, for a host that cannot be connected to.
 */
export function authorityOf(
  target: Origin,
): (request: Pick<HttpRequest, 'host'>, origins: OriginCache) => Origin | string {
  const known = new Map<string, Origin | string>();
  return ({ host }, origins) => {
    if (host === '') return target;
    const found = known.get(host);
    if (found !== undefined) return found;
    const made = parse(host, target.ssl, origins);
    if (known.size < MOST_KNOWN) known.set(host, made);
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
