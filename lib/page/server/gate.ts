import type { IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import { isIP } from 'node:net';

/** Loaded when it is needed: a run without a page starts milliseconds earlier. */
const load = createRequire(import.meta.url);

/** Why a request is refused. */
export interface Refusal {
  readonly status: 401 | 403 | 405 | 415;
  readonly text: string;
}

/** What a server accepts. */
export interface GateOptions {
  /** The host that it listens on. */
  readonly host: string;
  readonly port: number;
  /** The token that every request for data or for control must have; undefined on loopback. */
  readonly token: string | undefined;
}

/** True for a host that only this machine can connect to. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** Equal texts, in a time that does not depend on where they differ. */
function same(a: string, b: string): boolean {
  const { createHash, timingSafeEqual } = load('node:crypto') as typeof import('node:crypto');
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** The name and the port of a `Host` header. */
function splitHost(host: string): readonly [name: string, port: number] {
  const [, name = '', port = '80'] = /^(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?$/.exec(host) ?? [];
  return [name.toLowerCase(), Number(port)];
}

/**
 * Decides about a request before it is handled. A page of another site can send requests to this server from the browser of a
 * user, and can give its own name the address of this server (DNS rebinding). So:
 *
 * - `Host` must be the host of the server, `localhost` on loopback, or an IP address: no other site has such a name.
 * - A request with an `Origin`, or a `Sec-Fetch-Site` of another site, must come from this very page.
 * - A command must be a POST of JSON with an `Origin`.
 * - With a token, data and commands need it as `Authorization: Bearer`. No browser sends it by itself.
 */
export class Gate {
  constructor(private readonly options: GateOptions) {}

  /** Checks a request for the page itself, which has no data. */
  page({ headers }: IncomingMessage): Refusal | undefined {
    return this.#host(headers.host);
  }

  /** Checks a request for data. */
  data(request: IncomingMessage): Refusal | undefined {
    const { host, origin, authorization, 'sec-fetch-site': site = 'none' } = request.headers;
    const refusal = this.#host(host);
    if (refusal !== undefined) return refusal;
    if (origin !== undefined && origin !== `http://${host}`) return { status: 403, text: 'a request of another site' };
    if (site !== 'none' && site !== 'same-origin') return { status: 403, text: 'a request of another site' };
    const { token } = this.options;
    if (token === undefined || same(authorization ?? '', `Bearer ${token}`)) return undefined;
    return { status: 401, text: 'open the address with its token, as the run has printed it' };
  }

  /** Checks a command. */
  command(request: IncomingMessage): Refusal | undefined {
    const refusal = this.data(request);
    if (refusal !== undefined) return refusal;
    if (request.method !== 'POST') return { status: 405, text: 'a command is a POST' };
    if (request.headers.origin === undefined) return { status: 403, text: 'a command needs its origin' };
    const [type = ''] = (request.headers['content-type'] ?? '').split(';');
    return type.trim() === 'application/json' ? undefined : { status: 415, text: 'a command is application/json' };
  }

  #host(header: string | undefined): Refusal | undefined {
    const { host, port } = this.options;
    const [name, at] = splitHost(header ?? '');
    const known =
      name === host.toLowerCase() ||
      isIP(name.replace(/^\[|\]$/g, '')) !== 0 ||
      (isLoopback(host) && name === 'localhost');
    return known && at === port ? undefined : { status: 403, text: 'the host of the request is not this server' };
  }
}
