import { isIPv4 } from 'node:net';
import type { Issue } from '../codec/issue.js';
import type { Plan } from '../core/plan.js';
import { busiest, connectionTerms, grouped, type Opening, pathOf } from './poolConnections.js';
import type { SystemLimits } from './systemLimits.js';

/** TCP_TIMEWAIT_LEN of Linux, and the time after which `tcp_tw_reuse` reuses a port. */
const TIME_WAIT_S = 60;
const REUSED_AFTER_S = 1;
/** A closed loop that opens a connection per shot is not faster than this. */
const MAX_PER_SECOND = 10_000;

const HINT =
  'sysctl -w net.ipv4.ip_local_port_range="1024 65535" gives 64,512 ports; more need a target with several addresses or ports';

const BOUND_HINT =
  'more dial.local-addresses, or sysctl -w net.ipv4.ip_local_port_range="1024 65535", which gives each 64,512 ports';

function isLoopback(host: string): boolean {
  return host === '' || host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

/** A local address has each port once per target address and port, so pools with the same target are added. */
export function portIssues(all: readonly Opening[], { ports, portsReused = 'never' }: SystemLimits): readonly Issue[] {
  if (ports === undefined) return [];
  const [first, last] = ports;
  const count = Math.max(0, last - first + 1);
  const room = `${grouped(count)} ports (net.ipv4.ip_local_port_range: ${first} to ${last})`;
  // A Unix socket has no ports.
  const pools = all.filter(({ target }) => target.socketPath === undefined);
  const byTarget = new Map<string, Opening[]>();
  for (const pool of pools.filter(({ localAddresses }) => localAddresses.length === 0)) {
    const key = `${pool.target.host.toLowerCase()} ${pool.target.port}`;
    byTarget.set(key, [...(byTarget.get(key) ?? []), pool]);
  }
  const warn = (message: string, group: readonly Opening[], hint = HINT): Issue => ({
    code: 'local-ports',
    severity: 'warning',
    path: pathOf(group),
    expected: `connections for ${room}`,
    message,
    hint,
  });

  const open = (group: readonly Opening[], to: string): readonly Issue[] => {
    const opening = group.filter(({ most }) => most > 0);
    const most = opening.reduce((sum, pool) => sum + pool.most, 0);
    // Linux tries every second port first (inet_hash_connect). When these are used up, each connect first tries all of
    // them.
    if (most <= count / 2) return [];
    const total = opening.length > 1 ? ` = ${grouped(most)}` : '';
    const wanted = `${connectionTerms(opening)}${total} to ${to}, but a local address has ${room} for one target address`;
    const half = grouped(Math.floor(count / 2));
    return [
      warn(
        most > count
          ? `${wanted}; the rest fails with EADDRNOTAVAIL`
          : `${wanted}; beyond ${half}, half of them, Linux takes ten times longer to find a free one, and the run shoots nothing in that time`,
        opening,
      ),
    ];
  };

  const closed = (group: readonly Opening[], to: string, host: string): readonly Issue[] => {
    const reused = portsReused === 'always' || (portsReused === 'loopback' && isLoopback(host));
    const holdS = reused ? REUSED_AFTER_S : TIME_WAIT_S;
    const keeps = `a closed connection keeps its port for ${holdS} s (TIME_WAIT)`;
    const ends = `to ${to} a local address has ${room}; beyond them connections fail with EADDRNOTAVAIL`;
    return group.flatMap((opening) => {
      const { pool, perShot } = opening;
      if (perShot?.plan === undefined) return [];
      const windowS = Math.min(holdS, perShot.plan.durationNs / 1e9);
      const shots = busiest(perShot.plan, holdS * 1e9) * perShot.copies;
      if (Number.isFinite(shots)) {
        if (shots <= count) return [];
        const of = ofWindow(shots, windowS, perShot.plan);
        return [warn(`${pool} opens a connection per shot, ${of}, and ${keeps}; ${ends}`, [opening])];
      }
      const limit = count / windowS;
      if (limit >= MAX_PER_SECOND) return [];
      const most = `${grouped(Math.floor(limit))} shots/s (${grouped(count)} ports / ${grouped(windowS)} s)`;
      return [
        warn(
          `${pool} opens a connection per shot as fast as the target responds, and ${keeps}; there are not enough ports for more than ${most}: ${ends}`,
          [opening],
        ),
      ];
    });
  };

  const system = [...byTarget.values()].flatMap((group) => {
    const { target } = group[0] as Opening;
    return [...open(group, target.text), ...closed(group, target.text, target.host)];
  });
  const bound = pools.filter(({ localAddresses }) => localAddresses.length > 0);
  return [...system, ...boundIssues(bound, count).map(([message, group]) => warn(message, group, BOUND_HINT))];
}

/**
 * The ports of the addresses of `dial.local-addresses`. Node binds such a connection before it connects, so Linux chooses a port that no
 * other connection of that address has, to whatever target, and takes none over from TIME_WAIT. Measured on Linux 6.
 */
function boundIssues(pools: readonly Opening[], count: number): [message: string, group: readonly Opening[]][] {
  const each = `each local address has ${grouped(count)} ports for all targets together`;
  const ends = 'beyond them connections fail with EADDRINUSE';
  const needed = new Map<string, number>();
  for (const { most, localAddresses } of pools)
    for (const address of localAddresses)
      needed.set(address, (needed.get(address) ?? 0) + Math.ceil(most / localAddresses.length));
  const [address, most] = [...needed].sort(([, a], [, b]) => b - a)[0] ?? ['', 0];
  const users = pools.filter(({ localAddresses }) => localAddresses.includes(address));
  const opened: [string, readonly Opening[]][] =
    most <= count
      ? []
      : [[`${connectionTerms(users)}, of them ${grouped(most)} from ${address}, but ${each}; ${ends}`, users]];
  const closed = pools.flatMap((opening): [string, readonly Opening[]][] => {
    const { pool, perShot, localAddresses } = opening;
    if (perShot?.plan === undefined) return [];
    const shots = (busiest(perShot.plan, TIME_WAIT_S * 1e9) * perShot.copies) / localAddresses.length;
    if (!Number.isFinite(shots) || shots <= count) return [];
    const keeps = `a closed connection keeps its port for ${TIME_WAIT_S} s (TIME_WAIT)`;
    const from = `${grouped(shots)} of them within that time from each of ${localAddresses.length} local addresses`;
    return [[`${pool} opens a connection per shot, ${from}, and ${keeps}; ${each}; ${ends}`, [opening]]];
  });
  return [...opened, ...closed];
}

function ofWindow(shots: number, windowS: number, { durationNs }: Plan): string {
  if (durationNs === 0) return `${grouped(shots)} at once`;
  const seconds = Number(windowS.toFixed(1));
  return `${grouped(shots / windowS)}/s x ${seconds} s = ${grouped(shots)}`;
}
