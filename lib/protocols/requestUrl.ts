const ESCAPE = /%([\da-f]{2})/gi;

/** The bytes of a text with %XX escapes; every `%` must begin a valid escape. */
function percentDecoded(text: string): Buffer {
  const bytes = Buffer.from(text);
  if (!text.includes('%')) return bytes;
  const escaped = bytes
    .toString('latin1')
    .replaceAll(ESCAPE, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(escaped, 'latin1');
}

const LEGAL = /^[\dA-Za-z\-._~!$&'()*+,;=:@/[\]%]*$/;
const UNESCAPED = /[\dA-Za-z\-_.~$&+,/:;=@]/;
const ESCAPED = Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  return UNESCAPED.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
});

/**
 * The form in which a path is sent: unchanged when every character is legal in a path, otherwise decoded and escaped
 * again as a whole (https://pkg.go.dev/net/url#URL.EscapedPath). `/a b(c)` becomes `/a%20b%28c%29`; `/a(b)` stays.
 */
function escapePath(path: string): string {
  if (LEGAL.test(path)) return path;
  let escaped = '';
  for (const byte of percentDecoded(path)) escaped += ESCAPED[byte] as string;
  return escaped;
}

const USER = /^[\dA-Za-z\-._:~!$&'()*+,;=%@]*$/;
const BAD_ESCAPE = /%(?![\da-f]{2})/i;
const BAD_IN_HOST = /[\0-\x20/\\^`{|}?#@\x7f]/;
/** In a host only bytes outside ASCII may be escaped, and the percent sign itself. */
const ASCII_ESCAPE = /%(?!25)[0-7]/;
const PORT = /^(:\d*)?$/;

/** The host of an authority, or the error in it. */
export type Authority = { readonly host: string } | { readonly problem: string };

function hostOf(host: string): Authority {
  const bracket = host.lastIndexOf(']');
  const colon = host.lastIndexOf(':');
  let port = colon < 0 ? '' : host.slice(colon);
  let name = host;
  let zone = '';
  if (host.startsWith('[')) {
    if (bracket < 0) return { problem: 'a bracket is not closed' };
    port = host.slice(bracket + 1);
    const percent = host.slice(0, bracket).indexOf('%25');
    if (percent >= 0) [name, zone] = [host.slice(0, percent) + host.slice(bracket), host.slice(percent, bracket)];
  }
  if (!PORT.test(port)) return { problem: `bad port ${JSON.stringify(port.replace(/^:/, ''))}` };
  if (BAD_ESCAPE.test(host) || ASCII_ESCAPE.test(name)) return { problem: 'bad %XX in the host' };
  const bad = BAD_IN_HOST.exec(name + zone);
  if (bad !== null) return { problem: `${JSON.stringify(bad[0])} in the host` };
  return { host: percentDecoded(host).toString() };
}

/**
 * Reads the authority of a URL, `[user[:password]@]host[:port]`; the user is dropped. Rules of
 * https://pkg.go.dev/net/url#Parse.
 */
function parseAuthority(authority: string): Authority {
  const at = authority.lastIndexOf('@');
  const user = authority.slice(0, Math.max(0, at));
  if (!USER.test(user) || BAD_ESCAPE.test(user)) return { problem: 'bad user in the URL' };
  return hostOf(authority.slice(at + 1));
}

/** The parts of a URL that are sent, and its host. */
export interface RequestUrl {
  /** For the request line: escaped path and query. */
  readonly target: string;
  /** Decoded path. */
  readonly path: string;
  /** The authority with its port; empty when there is none. */
  readonly host: string;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the expression finds control characters
const CONTROL = /[\0-\x1f\x7f]/;
const SCHEME = /^([A-Za-z][\dA-Za-z+\-.]*)?:/;
/** The usual target: an absolute path that needs no escaping, with or without a query. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the expression excludes control characters
const PLAIN = /^\/(?!\/)[\dA-Za-z\-._~!$&'()*+,;=:@/[\]]*(?:\?[^\0-\x1f\x7f#]*)?$/;

/** Where the URL stands: `reference` anywhere (a fragment is dropped), `request-line` in the first line of a request. */
export type UrlPlace = 'reference' | 'request-line';

function cut(text: string, separator: string): [before: string, after: string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function relativeProblem(rest: string, place: UrlPlace): string | undefined {
  if (place === 'request-line') return 'the target starts with neither / nor a scheme';
  return cut(rest, '/')[0].includes(':') ? 'a colon in the first segment; write a slash first' : undefined;
}

function parseRest(rest: string, query: string, scheme: string | undefined, place: UrlPlace): RequestUrl | string {
  let path = rest;
  let host = '';
  if (!rest.startsWith('/')) {
    if (scheme !== undefined) return { target: (rest === '' ? '/' : rest) + query, path: '', host };
    const problem = relativeProblem(rest, place);
    if (problem !== undefined) return problem;
  }
  const mayHaveHost = scheme !== undefined || (place === 'reference' && !rest.startsWith('///'));
  if (mayHaveHost && rest.startsWith('//')) {
    const slash = rest.indexOf('/', 2);
    const authority = parseAuthority(slash < 0 ? rest.slice(2) : rest.slice(2, slash));
    if ('problem' in authority) return authority.problem;
    host = authority.host;
    path = slash < 0 ? '' : rest.slice(slash);
  }
  if (BAD_ESCAPE.test(path)) return 'bad %XX in the path';
  return { target: (path === '' ? '/' : escapePath(path)) + query, path: percentDecoded(path).toString(), host };
}

/**
 * Reads a URL and returns the parts that are sent, by the rules of https://pkg.go.dev/net/url#Parse and `RequestURI`:
 * the query unchanged, the path escaped only where necessary, no fragment.
 *
 * @returns The URL, or the error as text.
 * @example
 * parseUrl('http://h:80/a b?q#f', 'reference'); // { target: '/a%20b?q', path: '/a b', host: 'h:80' }
 */
export function parseUrl(url: string, place: UrlPlace): RequestUrl | string {
  if (PLAIN.test(url)) {
    const query = url.indexOf('?');
    return { target: url, path: query < 0 ? url : url.slice(0, query), host: '' };
  }
  if (CONTROL.test(url)) return 'a control character in the URL';
  const [text, fragment] = place === 'reference' ? cut(url, '#') : [url, undefined];
  if (fragment !== undefined && BAD_ESCAPE.test(fragment)) return 'bad %XX in the fragment';
  if (text === '' && place === 'request-line') return 'the target is empty';
  if (text === '*') return { target: '*', path: '*', host: '' };
  const match = SCHEME.exec(text);
  if (match !== null && match[1] === undefined) return 'a colon without a scheme before it';
  const [rest, query] = cut(match === null ? text : text.slice(match[0].length), '?');
  return parseRest(rest, query === undefined ? '' : `?${query}`, match?.[1], place);
}

/** Removes the colon of `host:` without a port. The colons of an IPv6 address stay. */
export function withoutEmptyPort(host: string): string {
  return host.endsWith(':') && host.lastIndexOf(':') > host.lastIndexOf(']') ? host.slice(0, -1) : host;
}
