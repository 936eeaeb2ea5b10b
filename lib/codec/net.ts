import { isIP, isIPv6 } from 'node:net';
import { listOf } from './collections.js';
import type { Codec } from './issue.js';
import { type Parsed, scalar } from './scalars.js';

/** A host and a port to connect to. */
export interface Endpoint {
  /** A DNS name or an IP address, IPv6 without brackets; empty means this machine. */
  readonly host: string;
  readonly port: number;
  /** As written. */
  readonly text: string;
  /** The path of a Unix socket, instead of host and port; these are then empty and 0. */
  readonly socketPath?: string;
}

const PORT = '0*([1-9]\\d{0,3}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d{2}|655[0-2]\\d|6553[0-5])';
const SCHEMA = { type: 'string', pattern: `^[^/]*:${PORT}$` };
const SPLIT = /^(?:\[([^[\]]*)\]|([^[\]:]*)):(\d{1,5})$/;
const LABEL = '[a-z\\d_](?:[a-z\\d_-]{0,61}[a-z\\d_])?';
const NAME = new RegExp(`^${LABEL}(?:\\.${LABEL})*\\.?$`, 'i');

/**
 * `host:port`, where the host may be empty (this machine), a DNS name, an IPv4 address or an IPv6 address in brackets.
 * No scheme, no path, no default port. A name in another script is written in punycode.
 *
 * @example
 * endpoint.decode('example.org:80'); // right({ host: 'example.org', port: 80, text: 'example.org:80' })
 */
export const endpoint: Codec<Endpoint, string> = scalar<Endpoint, string>(
  { name: 'host:port such as example.org:80', schema: SCHEMA, encode: ({ text }) => text },
  parseEndpoint,
);

function parseEndpoint(text: unknown): Parsed<Endpoint> {
  if (typeof text !== 'string') return { code: 'wrong-type' };
  const match = SPLIT.exec(text);
  if (match === null) return { code: 'endpoint', hint: hintFor(text) };
  const [, bracketed, plain = '', digits] = match;
  const port = Number(digits);
  if (port < 1 || port > 65535) return { code: 'endpoint', hint: 'a port is from 1 to 65535' };
  if (bracketed !== undefined) {
    const right = isIPv6(bracketed) && !bracketed.includes('%');
    return right
      ? { value: { host: bracketed, port, text } }
      : { code: 'endpoint', hint: 'brackets are only for IPv6' };
  }
  if (plain !== '' && (plain.length > 253 || !NAME.test(plain)))
    return { code: 'endpoint', hint: 'check the host name' };
  return { value: { host: plain, port, text } };
}

function hintFor(text: string): string {
  if (text.includes('//')) return 'leave out the scheme; use ssl: true for https';
  if (isIPv6(text)) return `write brackets and a port: [${text}]:80`;
  if (text.includes('/')) return 'leave out the path';
  if (!text.includes(':')) return `add a port: ${text}:80`;
  return 'the port is a decimal number; write an IPv6 address in brackets';
}

const UNIX = 'unix:';
/** The longest path of a Unix socket on Linux, without the final NUL. */
const MAX_SOCKET_PATH = 107;

/**
 * Where a gun connects: `host:port` as in {@link endpoint}, or `unix:` and the path of a Unix socket.
 *
 * @example
 * endpointOrSocket.decode('unix:/run/app.sock'); // right({ host: '', port: 0, text: 'unix:/run/app.sock', socketPath: '/run/app.sock' })
 */
export const endpointOrSocket: Codec<Endpoint, string> = scalar<Endpoint, string>(
  {
    name: 'host:port such as example.org:80, or unix:/path',
    schema: { type: 'string', pattern: `${SCHEMA.pattern}|^${UNIX}.+` },
    encode: ({ text }) => text,
  },
  (text) => {
    if (typeof text !== 'string' || !text.startsWith(UNIX)) return parseEndpoint(text);
    const socketPath = text.slice(UNIX.length);
    if (socketPath === '' || socketPath.includes('\0')) {
      return { code: 'endpoint', hint: 'write the path of the socket: unix:/run/app.sock' };
    }
    return Buffer.byteLength(socketPath) > MAX_SOCKET_PATH
      ? { code: 'endpoint', hint: `the path of a Unix socket has at most ${MAX_SOCKET_PATH} bytes` }
      : { value: { host: '', port: 0, text, socketPath } };
  },
);

/** An IPv4 or IPv6 address, without a port and without brackets. */
export const ipAddress: Codec<string, string> = scalar<string>(
  { name: 'an IP address such as 127.0.0.1 or ::1', schema: { type: 'string', pattern: '^[0-9a-fA-F:.]+(%.*)?$' } },
  (raw) => {
    if (typeof raw !== 'string') return { code: 'wrong-type' };
    if (isIP(raw) !== 0) return { value: raw };
    return raw.startsWith('[') ? { code: 'bad-ip', hint: 'leave out the brackets' } : { code: 'bad-ip' };
  },
);

/** An absolute http or https address. */
export const url: Codec<URL, URL | string> = scalar<URL, URL | string>(
  {
    name: 'a URL such as https://example.org/path',
    schema: { type: 'string', pattern: '^[hH][tT][tT][pP][sS]?:' },
    encode: ({ href }) => href,
  },
  (raw) => {
    if (raw instanceof URL) return { value: raw };
    if (typeof raw !== 'string') return { code: 'wrong-type' };
    const parsed = URL.canParse(raw) ? new URL(raw) : undefined;
    if (parsed?.protocol === 'http:' || parsed?.protocol === 'https:') return { value: parsed };
    return { code: 'bad-url', hint: 'it begins with http:// or https://' };
  },
);

const UNSENDABLE = /[\0-\x20\x7f#]/;

/** The path (and query) part of a URL, from its first slash: `/health?full=1`. No blanks and no fragment. */
export const urlPath: Codec<string, string> = scalar<string>(
  { name: 'a path such as /index.html', schema: { type: 'string', pattern: '^/' } },
  (raw) => {
    if (typeof raw !== 'string') return { code: 'wrong-type' };
    if (!raw.startsWith('/')) return { code: 'bad-url', hint: 'it begins with a slash, without scheme and host' };
    return UNSENDABLE.test(raw)
      ? { code: 'bad-url', hint: 'write a blank as %20; leave out what follows #' }
      : { value: raw };
  },
);

/** One header: its name as written and its value, blanks trimmed. */
export interface Header {
  readonly name: string;
  readonly value: string;
}

/**
 * Reads a header as Pandora's files write it: `[Name: value]`. Blanks around the brackets, the name and the value do not
 * count; the value may be empty.
 *
 * @returns undefined when the text is not a header.
 * @example
 * parseHeader('[accept: text/html]'); // { name: 'accept', value: 'text/html' }
 */
export function parseHeader(text: string): Header | undefined {
  const line = text.trim();
  const colon = line.indexOf(':');
  if (colon < 0 || !line.startsWith('[') || !line.endsWith(']')) return undefined;
  const name = line.slice(1, colon).trim();
  return name === '' ? undefined : { name, value: line.slice(colon + 1, -1).trim() };
}

/** One header in a config: `"[Name: value]"`; blanks around the brackets, the name and the value do not count. */
export const header: Codec<Header, string> = scalar<Header, string>(
  {
    name: 'a header such as "[Accept: text/html]"',
    schema: { type: 'string', pattern: '^\\s*\\[[^:]+:[\\s\\S]*\\]\\s*$' },
    encode: ({ name, value }) => `[${name}: ${value}]`,
  },
  (raw) => {
    if (Array.isArray(raw)) return { code: 'wrong-type', hint: 'quote it: brackets make a list in YAML' };
    if (typeof raw !== 'string') return { code: 'wrong-type' };
    const value = parseHeader(raw);
    return value === undefined
      ? { code: 'bad-header', hint: 'write brackets around it and a colon after the name' }
      : { value };
  },
);

/** A list of headers, each `"[Name: value]"`. */
export const headers: Codec<readonly Header[], readonly string[]> = listOf(header);
