import { isIPv4 } from 'node:net';
import type { Plan } from '../core/plan.js';
import { busiest } from './busiest.js';
import { connectionTerms } from './connectionTerms.js';
import type { Finding } from './finding.js';
import { grouped } from './grouped.js';
import type { PoolConnections } from './poolConnections.js';
import type { SystemLimits } from './systemLimits.js';

/** Linux's TCP_TIMEWAIT_LEN, and after what time `tcp_tw_reuse` takes a port over. */
const TIME_WAIT_S = 60;
const REUSED_AFTER_S = 1;
/** A closed loop that opens a connection per shot is not faster than this. */
const FASTEST_PER_SECOND = 10_000;

const HINT =
  'sysctl -w net.ipv4.ip_local_port_range="1024 65535" gives 64,512 ports; more need a target with several addresses or ports';

function isLoopback(host: string): boolean {
  return host === '' || host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

/** A local address has each port once per target address and port, so pools are taken together by their target. */
export function portFindings(
  pools: readonly PoolConnections[],
  { ports, portsReused = 'never' }: SystemLimits,
): readonly Finding[] {
  if (ports === undefined) return [];
  const [first, last] = ports;
  const count = Math.max(0, last - first + 1);
  const room = `${grouped(count)} ports (net.ipv4.ip_local_port_range: ${first} to ${last})`;
  const byTarget = new Map<string, PoolConnections[]>();
  for (const pool of pools) {
    const key = `${pool.target.host.toLowerCase()} ${pool.target.port}`;
    byTarget.set(key, [...(byTarget.get(key) ?? []), pool]);
  }
  const warn = (message: string): Finding => ({ level: 'warning', message, hint: HINT });

  const open = (group: readonly PoolConnections[], to: string): readonly Finding[] => {
    const opening = group.filter(({ most }) => most > 0);
    const most = opening.reduce((sum, pool) => sum + pool.most, 0);
    // Linux tries every second port first (inet_hash_connect); when these are used up, each connect tries all of them in vain.
    if (most <= count / 2) return [];
    const total = opening.length > 1 ? ` = ${grouped(most)}` : '';
    const wanted = `${connectionTerms(opening)}${total} to ${to}, but a local address has ${room} for one target address`;
    const half = grouped(Math.floor(count / 2));
    return [
      warn(
        most > count
          ? `${wanted}; the rest fails with EADDRNOTAVAIL`
          : `${wanted}; beyond ${half}, half of them, Linux takes ten times longer to find a free one, and nothing is shot meanwhile`,
      ),
    ];
  };

  const closed = (group: readonly PoolConnections[], to: string, host: string): readonly Finding[] => {
    const reused = portsReused === 'always' || (portsReused === 'loopback' && isLoopback(host));
    const holdS = reused ? REUSED_AFTER_S : TIME_WAIT_S;
    const keeps = `a closed connection keeps its port for ${holdS} s (TIME_WAIT)`;
    const ends = `to ${to} a local address has ${room}; beyond them connections fail with EADDRNOTAVAIL`;
    return group.flatMap(({ pool, perShot }) => {
      if (perShot?.plan === undefined) return [];
      const windowS = Math.min(holdS, perShot.plan.durationNs / 1e9);
      const shots = busiest(perShot.plan, holdS * 1e9) * perShot.copies;
      if (Number.isFinite(shots)) {
        if (shots <= count) return [];
        const of = ofWindow(shots, windowS, perShot.plan);
        return [warn(`${pool} opens a connection per shot, ${of}, and ${keeps}; ${ends}`)];
      }
      const limit = count / windowS;
      if (limit >= FASTEST_PER_SECOND) return [];
      const most = `${grouped(Math.floor(limit))} shots/s (${grouped(count)} ports / ${grouped(windowS)} s)`;
      return [
        warn(
          `${pool} opens a connection per shot as fast as the target answers, and ${keeps}; more than ${most} is more than the ports last for: ${ends}`,
        ),
      ];
    });
  };

  return [...byTarget.values()].flatMap((group) => {
    const { target } = group[0] as PoolConnections;
    return [...open(group, target.text), ...closed(group, target.text, target.host)];
  });
}

function ofWindow(shots: number, windowS: number, { durationNs }: Plan): string {
  if (durationNs === 0) return `${grouped(shots)} at once`;
  const seconds = Number(windowS.toFixed(1));
  return `${grouped(shots / windowS)}/s x ${seconds} s = ${grouped(shots)}`;
}
