import { describeError } from '../../core/errorContext.js';
import type { HttpRequest } from '../../protocols/http.js';
import { NET_FAILURE } from '../../protocols/netFailure.js';
import { bracketed, type Origin, type OriginCache } from '../../wire/dial/origin.js';
import { ExchangeError } from '../../wire/exchangeError.js';

/** A request and its origin. */
export interface Redirect {
  readonly origin: Origin;
  readonly request: HttpRequest;
}

/** The most requests of one shot, including the first: the limit of Go's client. */
const MAX_REQUESTS = 10;

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** True for the statuses that a client follows when there is a location. */
export function isRedirect(status: number): boolean {
  return REDIRECTS.has(status);
}

const SAFE = new Set(['GET', 'HEAD']);
const KEEPS_METHOD = new Set([307, 308]);
const SECRET = new Set(['authorization', 'www-authenticate', 'cookie', 'cookie2']);
const OF_BODY = /^content-/i;
const ABSOLUTE = /^([a-z][a-z\d+.-]*:|\/\/)/i;

const withoutBrackets = (host: string): string => host.replace(/^\[|\]$/g, '');

function urlOf({ origin, request }: Redirect): URL {
  const host = request.host === '' ? `${bracketed(origin.host)}:${origin.port}` : request.host;
  const path = request.target.startsWith('/') ? request.target : `/${request.target}`;
  return new URL(`${origin.ssl ? 'https' : 'http'}://${host}${path}`);
}

function resolve(location: string, base: URL): URL {
  const url = new URL(location, base);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new TypeError(`unsupported scheme ${url.protocol}`);
  if (url.port === '0') throw new TypeError('port 0');
  return url;
}

function headersFor(from: Redirect, base: URL, url: URL, keepsBody: boolean): HttpRequest['headers'] {
  const same = url.hostname === base.hostname || url.hostname.endsWith(`.${base.hostname}`);
  const kept = from.request.headers.filter(([name]) => {
    const lower = name.toLowerCase();
    return (same || !SECRET.has(lower)) && (keepsBody || !OF_BODY.test(name)) && lower !== 'referer';
  });
  if (base.protocol === 'https:' && url.protocol === 'http:') return kept;
  base.username = base.password = '';
  return [...kept, ['Referer', base.href]];
}

/**
 * Returns the request that follows a redirect, by the rules of Go's client (net/http, Client.Do): 301, 302 and 303 become GET
 * (HEAD stays) without the body, 307 and 308 repeat the request; a relative location keeps the Host of the ammo; credentials are not
 * sent to another domain. Returns an error for a location that cannot be used.
 */
export function resolveRedirect(
  from: Redirect,
  status: number,
  location: string,
  origins: OriginCache,
): Redirect | ExchangeError {
  try {
    const base = urlOf(from);
    const url = resolve(location, base);
    const ssl = url.protocol === 'https:';
    const absolute = ABSOLUTE.test(location);
    const port = url.port === '' ? (ssl ? 443 : 80) : Number(url.port);
    const origin = absolute ? origins.get(withoutBrackets(url.hostname), port, ssl) : from.origin;
    const { method, body, chunked } = from.request;
    const repeats = KEEPS_METHOD.has(status);
    const request: HttpRequest = {
      ...from.request,
      method: repeats || SAFE.has(method) ? method : 'GET',
      target: url.pathname + url.search,
      path: url.pathname,
      host: absolute ? url.host : from.request.host,
      headers: headersFor(from, base, url, repeats),
      body: repeats ? body : null,
      chunked: repeats && chunked,
    };
    return { origin, request };
  } catch (cause) {
    const why = describeError(cause);
    return new ExchangeError(NET_FAILURE.badRedirect, `Location ${JSON.stringify(location)}: ${why}`);
  }
}

/**
 * Returns the request that follows one more redirect of a shot, by {@link resolveRedirect}; an error when there were too many.
 *
 * @param followed How many redirects the shot has followed.
 */
export function nextRedirect(
  followed: number,
  ...[from, status, location, origins]: Parameters<typeof resolveRedirect>
): Redirect | ExchangeError {
  if (followed + 1 < MAX_REQUESTS) return resolveRedirect(from, status, location, origins);
  return new ExchangeError(NET_FAILURE.tooManyRedirects, `stopped after ${MAX_REQUESTS} requests`);
}
