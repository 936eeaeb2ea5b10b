import { isIPv6 } from 'node:net';
import type { Codec } from '../codec/issue.js';
import { scalar } from '../codec/scalars.js';

/** Where a server of a run listens. */
export interface ListenAddress {
  /** A name or an IP address, IPv6 without brackets. */
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
}

const FORM = /^(?:\[([\da-f:.]+)\]|([^[\]:/\s]+))(?::(\d{1,5}))?$/i;
const LOOPBACK = '127.0.0.1';

/** A free port of this machine. */
export const LOOPBACK_ADDRESS = `${LOOPBACK}:0`;
/** What a word must look like to be such an address, and not the name of a file. */
export const LISTEN_FORM = /^(?:[^/\\\s]*:)?\d{1,5}$/;

/**
 * `host:port`, `host` or `port`. Without a host it is 127.0.0.1, without a port any free one.
 *
 * @example
 * listenAddress.decode('9090'); // right({ host: '127.0.0.1', port: 9090 })
 */
export const listenAddress: Codec<ListenAddress, string | number> = scalar<ListenAddress, string | number>(
  {
    name: 'host:port to listen on, such as 127.0.0.1:9090',
    schema: { type: ['string', 'integer'] },
    encode: ({ host, port }) => `${isIPv6(host) ? `[${host}]` : host}:${port}`,
  },
  (raw) => {
    if (typeof raw !== 'string' && typeof raw !== 'number') return { code: 'wrong-type' };
    const text = String(raw);
    if (/^\d{1,5}$/.test(text)) return at(LOOPBACK, Number(text));
    const [all, bracketed, plain, digits] = FORM.exec(text) ?? [];
    const host = bracketed ?? plain;
    if (all === undefined || host === undefined)
      return { code: 'endpoint', hint: 'write host:port, host or port; IPv6 in brackets' };
    if (bracketed !== undefined && !isIPv6(bracketed)) return { code: 'endpoint', hint: 'brackets are only for IPv6' };
    return at(host, Number(digits ?? 0));
  },
);

type Decoded = { readonly value: ListenAddress } | { readonly code: 'endpoint'; readonly hint: string };

function at(host: string, port: number): Decoded {
  return port <= 65_535 ? { value: { host, port } } : { code: 'endpoint', hint: 'a port is from 0 to 65535' };
}
