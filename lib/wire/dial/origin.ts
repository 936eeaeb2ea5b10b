/** An address to connect to, with the TLS session of an earlier connection. Shared by all clients of a gun. */
export interface Origin {
  /** Name or address, never empty. */
  readonly host: string;
  readonly port: number;
  readonly ssl: boolean;
  /** The path of a Unix socket, which is connected to instead of host and port. */
  readonly socketPath?: string;
  /** True when the address of the first successful connection is used for all later ones; otherwise each resolves the name. */
  readonly remember: boolean;
  /** TLS session of an earlier connection, to resume. */
  session?: Buffer;
}

/** A host as it stands in a URL: an IPv6 address in brackets. */
export function bracketed(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}

/**
 * Where an origin is, for messages: `host:port` or `unix:` and the path.
 *
 * @example
 * originPlace({ host: '::1', port: 8080, ssl: false, remember: false }); // '[::1]:8080'
 */
export function originPlace({ host, port, socketPath }: Origin): string {
  return socketPath === undefined ? `${bracketed(host)}:${port}` : `unix:${socketPath}`;
}

/** The most origins that are kept: redirects of a hostile target may name any number of hosts. */
const LIMIT = 1024;

/** The origins that a gun has used, so that one host is one object. */
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

  /** Makes this the origin that is returned for its host and port. */
  add(origin: Origin): Origin {
    this.#origins.set(`${origin.ssl ? 'https' : 'http'}://${origin.host}:${origin.port}`, origin);
    return origin;
  }
}

/**
 * An origin as written in a URL, without the default port of its scheme.
 *
 * @example
 * originText({ host: '::1', port: 8080, ssl: false, remember: false }); // 'http://[::1]:8080'
 */
export function originText({ host, port, ssl }: Origin): string {
  const name = bracketed(host);
  const implied = port === (ssl ? 443 : 80);
  return `${ssl ? 'https' : 'http'}://${name}${implied ? '' : `:${port}`}`;
}
