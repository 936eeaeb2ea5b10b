import { isIP, isIPv6 } from 'node:net';
import { checked } from '../../codec/bounds.js';
import { listOf, mapOf } from '../../codec/collections.js';
import { duration } from '../../codec/duration.js';
import type { IssueReason } from '../../codec/issue.js';
import { type Endpoint, endpoint, ipAddress } from '../../codec/net.js';
import { flag, scalar } from '../../codec/scalars.js';
import { optional, type StructOf, struct } from '../../codec/struct.js';
import type { Deps } from '../../core/deps.js';
import type { Origin } from '../../wire/dial/origin.js';
import type { SocketConnectorOptions } from '../../wire/dial/socketConnector.js';

const SECOND = 1000;

/** An IP address, with or without a port. */
const resolvedTo = scalar<{ readonly host: string; readonly port?: number }, string>(
  {
    name: 'an IP address with or without a port, such as 127.0.0.1 or 127.0.0.1:8080',
    schema: { type: 'string' },
    encode: ({ host, port }) => (port === undefined ? host : `${isIPv6(host) ? `[${host}]` : host}:${port}`),
  },
  (raw) => {
    if (typeof raw !== 'string') return { code: 'wrong-type' };
    if (isIP(raw) !== 0) return { value: { host: raw } };
    const parsed = endpoint.decode(raw);
    if (parsed._tag === 'Left' || isIP(parsed.right.host) === 0) {
      return { code: 'bad-ip', hint: 'names are not resolved here; write an address' };
    }
    const { host, port } = parsed.right;
    return { value: { host, port } };
  },
);

const isName = (key: string): boolean => endpoint.is(key) || endpoint.is(`${key}:1`);

const resolveMap = checked(
  mapOf(resolvedTo),
  (map) => Object.keys(map).every(isName),
  'names such as example.org or example.org:443, each with an address',
  'endpoint',
  { hint: (map) => `${JSON.stringify(Object.keys(map).find((key) => !isName(key)))} is neither a host nor host:port` },
);

/** Options of the connections of a gun. */
export const dialConfig = struct('dial', {
  /** How long resolving and connecting may take; 0 = no limit. */
  timeout: optional(duration, 3 * SECOND, 'how long resolving and connecting may take; 0 = no limit'),
  /** Resolve the target once, with one connection before the run. */
  dnsCache: optional(flag, true, 'resolve the target once, with one connection before the run'),
  /** Try every address of a name, IPv6 and IPv4 in turn. */
  dualStack: optional(flag, true, 'try every address of a name, IPv6 and IPv4 in turn'),
  /** How long one address is tried before the next; 0 = 300ms. */
  fallbackDelay: optional(duration, 0, 'how long one address is tried before the next; 0 = 300ms'),
  /** Idle time before TCP keep-alive probes; negative = none. */
  keepAlive: optional(duration, 120 * SECOND, 'idle time before TCP keep-alive probes; negative = none'),
  /** Local IP addresses that connections begin at, in turn; empty = the system chooses. */
  localAddresses: optional(
    listOf(ipAddress),
    [],
    'local IP addresses that connections begin at, in turn; empty = the system chooses',
  ),
  /** Connect to the addresses of a name in turn, instead of to the first that accepts. */
  roundRobin: optional(flag, false, 'connect to the addresses of a name in turn, instead of to the first that accepts'),
  /** Addresses of names, by host or host:port, instead of those that the system finds. */
  resolve: optional(resolveMap, {}, 'addresses of names, by host or host:port, instead of those that the system finds'),
});

type DialConfig = StructOf<typeof dialConfig.fields>;

/** The options of a socket connector that come from `dial`. */
export function dialOptions(
  dial: DialConfig,
  { scheduler, share, names = new Map() }: Deps,
): Pick<SocketConnectorOptions, 'scheduler' | 'timeout' | 'dualStack' | 'fallbackDelay' | 'keepAlive' | 'routes'> {
  const { timeout, dualStack, fallbackDelay, keepAlive, localAddresses, roundRobin, resolve } = dial;
  const byName = Object.entries(resolve).map(([name, to]) => [name.toLowerCase(), to] as const);
  return {
    scheduler,
    timeout,
    dualStack,
    fallbackDelay,
    keepAlive,
    routes: { localAddresses, roundRobin, resolve: new Map(byName), offset: share.index, names },
  };
}

/**
 * The origin of a target. The address of its first successful connection is used for all when `dial.dns-cache` is set and the
 * target is a name without an address in `dial.resolve`.
 */
export function originOf(
  { host, port, socketPath }: Endpoint,
  ssl: boolean,
  { dnsCache, resolve }: DialConfig,
): Origin {
  if (socketPath !== undefined) return { host: 'localhost', port: ssl ? 443 : 80, ssl, socketPath, remember: false };
  const name = host === '' ? 'localhost' : host;
  const written = Object.keys(resolve).map((key) => key.toLowerCase());
  const known = written.some((key) => key === name.toLowerCase() || key === `${name.toLowerCase()}:${port}`);
  return { host: name, port, ssl, remember: dnsCache && !known && isIP(name) === 0 };
}

/** What is wrong with a target and `dial` together. */
export function dialIssue({
  target,
  dial: { localAddresses, roundRobin },
}: {
  readonly target: Endpoint;
  readonly dial: DialConfig;
}): IssueReason | undefined {
  const family = isIP(target.host);
  const other = family === 0 ? undefined : localAddresses.find((address) => isIP(address) !== family);
  if (other !== undefined) {
    const hint = `${other} cannot connect to ${target.host}`;
    return { code: 'bad-value', expected: `dial.local-addresses of IPv${family}, as the target`, hint };
  }
  if (target.socketPath === undefined || (localAddresses.length === 0 && !roundRobin)) return undefined;
  const hint = 'a Unix socket has no address; remove dial.local-addresses and dial.round-robin';
  return { code: 'bad-value', expected: 'a target with a host and a port', hint };
}
