/** One place to connect to, with what has been learned about it. Shared by all clients of a gun. */
export interface Origin {
  /** Name or address, never empty. */
  readonly host: string;
  readonly port: number;
  readonly ssl: boolean;
  /** The IP address that answered, when it is to be used from then on; otherwise every connection resolves. */
  address?: string;
  /** True when `address` is to be learned from the first connection that succeeds. */
  readonly remember: boolean;
  /** TLS session of an earlier connection, to resume. */
  session?: Buffer;
}

/** Most origins that are kept: redirects of a hostile target may name any number of hosts. */
const LIMIT = 1024;

/** Every origin that a gun has met, so that one host is one object. */
export class OriginCache {
  readonly #origins = new Map<string, Origin>();

  get(host: string, port: number, ssl: boolean): Origin {
    const key = `${ssl ? 'https' : 'http'}://${host}:${port}`;
    const known = this.#origins.get(key);
    if (known !== undefined) return known;
    const origin: Origin = { host, port, ssl, remember: false };
    if (this.#origins.size < LIMIT) this.#origins.set(key, origin);
    return origin;
  }

  /** Makes this the origin that is answered for its host and port. */
  add(origin: Origin): Origin {
    this.#origins.set(`${origin.ssl ? 'https' : 'http'}://${origin.host}:${origin.port}`, origin);
    return origin;
  }
}

/**
 * An origin as it stands in a URL, without the port that its scheme implies.
 *
 * @example
 * originText({ host: '::1', port: 8080, ssl: false, remember: false }); // 'http://[::1]:8080'
 */
export function originText({ host, port, ssl }: Origin): string {
  const name = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  const implied = port === (ssl ? 443 : 80);
  return `${ssl ? 'https' : 'http'}://${name}${implied ? '' : `:${port}`}`;
}
