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

function warning(message: string, group: readonly Opening[], room: string, hint: string): Issue {
  const expected = `connections for ${room}`;
  return { code: 'local-ports', severity: 'warning', path: pathOf(group), expected, message, hint };
}

/** The ports of a local address, for connections whose address the system chooses. */
class SystemPorts {
  readonly count: number;
  readonly room: string;

  constructor(
    [first, last]: readonly [first: number, last: number],
    private readonly portsReused: NonNullable<SystemLimits['portsReused']>,
  ) {
    this.count = Math.max(0, last - first + 1);
    this.room = `${grouped(this.count)} ports (net.ipv4.ip_local_port_range: ${first} to ${last})`;
  }

  /** The issues of pools with the same target. */
  issues(group: readonly Opening[]): readonly Issue[] {
    const { target } = group[0] as Opening;
    return [...this.#openIssues(group, target.text), ...group.flatMap((opening) => this.#closedIssues(opening))];
  }

  /** Connections that are open at once. */
  #openIssues(group: readonly Opening[], to: string): readonly Issue[] {
    const opening = group.filter(({ most }) => most > 0);
    const most = opening.reduce((sum, pool) => sum + pool.most, 0);
    // Linux tries every second port first (inet_hash_connect). When these are used up, each connect first tries all of
    // them.
    if (most <= this.count / 2) return [];
    const total = opening.length > 1 ? ` = ${grouped(most)}` : '';
    const wanted = `${connectionTerms(opening)}${total} to ${to}, but a local address has ${this.room} for one target address`;
    const half = grouped(Math.floor(this.count / 2));
    const effect =
      most > this.count
        ? 'the rest fails with EADDRNOTAVAIL'
        : `beyond ${half}, half of them, Linux takes ten times longer to find a free one, and the run shoots nothing in that time`;
    return [this.#warning(`${wanted}; ${effect}`, opening)];
  }

  /** Connections that are closed after a shot and keep their port for a time. */
  #closedIssues(opening: Opening): readonly Issue[] {
    const { pool, perShot, target } = opening;
    const { plan, copies = 1 } = perShot ?? {};
    if (plan === undefined) return [];
    const holdS = this.#holdSeconds(target.host);
    const windowS = Math.min(holdS, plan.durationNs / 1e9);
    const shots = busiest(plan, holdS * 1e9) * copies;
    const keeps = `a closed connection keeps its port for ${holdS} s (TIME_WAIT)`;
    const ends = `to ${target.text} a local address has ${this.room}; beyond them connections fail with EADDRNOTAVAIL`;
    if (Number.isFinite(shots)) {
      if (shots <= this.count) return [];
      const of = ofWindow(shots, windowS, plan);
      return [this.#warning(`${pool} opens a connection per shot, ${of}, and ${keeps}; ${ends}`, [opening])];
    }
    const limit = this.count / windowS;
    if (limit >= MAX_PER_SECOND) return [];
    const most = `${grouped(Math.floor(limit))} shots/s (${grouped(this.count)} ports / ${grouped(windowS)} s)`;
    const closedLoop = `${pool} opens a connection per shot as fast as the target responds, and ${keeps}`;
    return [this.#warning(`${closedLoop}; there are not enough ports for more than ${most}: ${ends}`, [opening])];
  }

  #holdSeconds(host: string): number {
    const reused = this.portsReused === 'always' || (this.portsReused === 'loopback' && isLoopback(host));
    return reused ? REUSED_AFTER_S : TIME_WAIT_S;
  }

  #warning(message: string, group: readonly Opening[]): Issue {
    return warning(message, group, this.room, HINT);
  }
}

/** Pools with the same target address and port share the ports of a local address. */
function byTarget(pools: readonly Opening[]): readonly (readonly Opening[])[] {
  const groups = new Map<string, Opening[]>();
  for (const pool of pools) {
    const key = `${pool.target.host.toLowerCase()} ${pool.target.port}`;
    groups.set(key, [...(groups.get(key) ?? []), pool]);
  }
  return [...groups.values()];
}

/** A local address has each port once per target address and port, so pools with the same target are added. */
export function portIssues(all: readonly Opening[], { ports, portsReused = 'never' }: SystemLimits): readonly Issue[] {
  if (ports === undefined) return [];
  const system = new SystemPorts(ports, portsReused);
  // A Unix socket has no ports.
  const pools = all.filter(({ target }) => target.socketPath === undefined);
  const free = pools.filter(({ localAddresses }) => localAddresses.length === 0);
  const bound = pools.filter(({ localAddresses }) => localAddresses.length > 0);
  return [
    ...byTarget(free).flatMap((group) => system.issues(group)),
    ...boundIssues(bound, system.count).map(([message, group]) => warning(message, group, system.room, BOUND_HINT)),
  ];
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
