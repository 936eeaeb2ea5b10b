import { isIPv6 } from 'node:net';
import type { Codec } from './codec.js';
import { scalar } from './scalar.js';
import { Substituted } from './substituted.js';

/** Where to connect: a host and a port. */
export interface Endpoint {
  /** A DNS name or an IP address, IPv6 without brackets; empty means this machine. */
  readonly host: string;
  readonly port: number;
  /** As written. */
  readonly text: string;
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
export const endpoint: Codec<Endpoint> = scalar<Endpoint>(
  { name: 'host:port such as example.org:80', schema: SCHEMA },
  (raw) => {
    const text = raw instanceof Substituted ? raw.text : raw;
    if (typeof text !== 'string') return { code: 'wrong-type' };
    const match = SPLIT.exec(text);
    if (match === null) return { code: 'endpoint', hint: hintFor(text) };
    const [, bracketed, plain = '', digits] = match;
    const port = Number(digits);
    if (port < 1 || port > 65535) return { code: 'endpoint', hint: 'a port is from 1 to 65535' };
    if (bracketed !== undefined) {
      const right = isIPv6(bracketed) && !bracketed.includes('%');
      return right ? { value: { host: bracketed, port, text } } : { code: 'endpoint', hint: 'brackets are for IPv6' };
    }
    if (plain !== '' && (plain.length > 253 || !NAME.test(plain)))
      return { code: 'endpoint', hint: 'check the host name' };
    return { value: { host: plain, port, text } };
  },
);

function hintFor(text: string): string {
  if (text.includes('//')) return 'leave out the scheme; use ssl: true for https';
  if (isIPv6(text)) return `write brackets and a port: [${text}]:80`;
  if (text.includes('/')) return 'leave out the path';
  if (!text.includes(':')) return `add a port: ${text}:80`;
  return 'the port is a decimal number; an IPv6 address stands in brackets';
}
