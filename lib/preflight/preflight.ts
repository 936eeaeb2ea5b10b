import { isIPv4 } from 'node:net';
import type { Issue } from '../codec/issue.js';
import type { PoolConfig } from '../config/config.js';
import type { Log } from '../core/deps.js';
import { ElpisError } from '../core/errors.js';
import type { Plan } from '../core/plan.js';
import { busiest, type PoolConnections, type PoolPlans, poolConnections } from './poolConnections.js';
import type { SystemLimits } from './systemLimits.js';

/** A number with commas: 50,000. */
function grouped(value: number): string {
  // Without toLocaleString, which takes 10 ms to load its tables before the first shot.
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** The connections of a pool, and its path in the config. */
type Opening = PoolConnections & { readonly path: string };

/** The path of the pool of an issue; for several pools, that of their list. */
function pathOf(pools: readonly Opening[]): string {
  const [only, second] = pools;
  return only === undefined || second !== undefined ? 'pools' : only.path;
}

/** The left side of the sum, such as `a may open 300 connections (300 instances x 1) + b 5 (9 instances, 5 shots)`. */
function connectionTerms(pools: readonly PoolConnections[]): string {
  const term = ({ pool, most, instances }: PoolConnections, i: number): string => {
    const of =
      most === instances
        ? `${grouped(instances)} instances x 1`
        : `${grouped(instances)} instances, ${grouped(most)} shots`;
    return `${pool} ${i === 0 ? `may open ${grouped(most)} connections` : grouped(most)} (${of})`;
  };
  return pools.map(term).join(' + ');
}

/** Streams, results, ammo, and the modules that a process has open at once while it starts. */
const OTHER_FILES = 64;
/** The event loop of a thread has 4 files; the others are modules, which all threads load at the same time. */
const FILES_PER_THREAD = 20;

function otherFiles(threads: number): string {
  const more = threads - 1;
  return more === 0 ? '' : ` (${OTHER_FILES} + ${grouped(more)} threads x ${FILES_PER_THREAD})`;
}

/** Compares connections and other files with the limit of open files, which all threads share. */
function openFileIssues(
  pools: readonly Opening[],
  { openFiles = Number.POSITIVE_INFINITY }: SystemLimits,
  threads: number,
): readonly Issue[] {
  const others = OTHER_FILES + FILES_PER_THREAD * (threads - 1);
  const opening = pools.filter(({ most }) => most > 0);
  const most = opening.reduce((sum, pool) => sum + pool.most, others);
  if (threads > 1 && others > openFiles) {
    const wanted = `${threads} threads may open ${grouped(others)} files${otherFiles(threads)} while they load their modules`;
    return [
      {
        code: 'open-files',
        severity: 'error',
        path: 'threads',
        expected: `at most ${grouped(openFiles)} open files`,
        message: `${wanted}, but this process may have ${grouped(openFiles)} files open (ulimit -n)`,
        hint: `ulimit -n ${most} before the start, or fewer threads`,
      },
    ];
  }
  if (opening.length === 0 || most <= openFiles) return [];
  const kept = opening.reduce((sum, pool) => sum + pool.kept, 0);
  const sum = `${connectionTerms(opening)} + ${grouped(others)} other files${otherFiles(threads)} = ${grouped(most)}`;
  return [
    {
      // The number of other files is an estimate; the number of connections is not.
      code: 'open-files',
      severity: kept >= openFiles ? 'error' : 'warning',
      path: pathOf(opening),
      expected: `at most ${grouped(openFiles)} open files`,
      message: `${sum}, but this process may have ${grouped(openFiles)} files open (ulimit -n)`,
      hint:
        `ulimit -n ${most} before the start (above the hard limit only as root; docker run --ulimit nofile=${most}), ` +
        'or fewer instances',
    },
  ];
}

/** TCP_TIMEWAIT_LEN of Linux, and the time after which `tcp_tw_reuse` reuses a port. */
const TIME_WAIT_S = 60;
const REUSED_AFTER_S = 1;
/** A closed loop that opens a connection per shot is not faster than this. */
const MAX_PER_SECOND = 10_000;

const HINT =
  'sysctl -w net.ipv4.ip_local_port_range="1024 65535" gives 64,512 ports; more need a target with several addresses or ports';

function isLoopback(host: string): boolean {
  return host === '' || host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

/** A local address has each port once per target address and port, so pools with the same target are added. */
function portIssues(pools: readonly Opening[], { ports, portsReused = 'never' }: SystemLimits): readonly Issue[] {
  if (ports === undefined) return [];
  const [first, last] = ports;
  const count = Math.max(0, last - first + 1);
  const room = `${grouped(count)} ports (net.ipv4.ip_local_port_range: ${first} to ${last})`;
  const byTarget = new Map<string, Opening[]>();
  for (const pool of pools) {
    const key = `${pool.target.host.toLowerCase()} ${pool.target.port}`;
    byTarget.set(key, [...(byTarget.get(key) ?? []), pool]);
  }
  const warn = (message: string, group: readonly Opening[]): Issue => ({
    code: 'local-ports',
    severity: 'warning',
    path: pathOf(group),
    expected: `connections for ${room}`,
    message,
    hint: HINT,
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

  return [...byTarget.values()].flatMap((group) => {
    const { target } = group[0] as Opening;
    return [...open(group, target.text), ...closed(group, target.text, target.host)];
  });
}

function ofWindow(shots: number, windowS: number, { durationNs }: Plan): string {
  if (durationNs === 0) return `${grouped(shots)} at once`;
  const seconds = Number(windowS.toFixed(1));
  return `${grouped(shots / windowS)}/s x ${seconds} s = ${grouped(shots)}`;
}

/**
 * Compares the connections and files of a run with the limits of the system, before any is opened. Only guns whose
 * traits name their connections are counted, and only known limits.
 *
 * @param plans The plans of the pools, in the same order.
 */
export function preflight(
  pools: readonly Pick<PoolConfig, 'id' | 'gun' | 'rpsPerInstance' | 'overflow'>[],
  plans: readonly PoolPlans[],
  limits: SystemLimits,
  threads = 1,
): readonly Issue[] {
  const known = pools.flatMap((pool, i): readonly Opening[] => {
    const connections = poolConnections(pool, plans[i] ?? {});
    return connections === undefined ? [] : [{ ...connections, path: `pools[${i}]` }];
  });
  return [...openFileIssues(known, limits, threads), ...portIssues(known, limits)];
}

/**
 * Logs every warning, and refuses a run that exceeds a limit.
 *
 * @throws ElpisError `ELPIS_LIMIT` for the first issue that is an error.
 */
export function ensureRoom(issues: readonly Issue[], log: Log): void {
  for (const { severity, message, hint } of issues) if (severity === 'warning') log.warn(`${message} (${hint})`);
  const refused = issues.find(({ severity }) => severity === 'error');
  if (refused !== undefined) throw new ElpisError('ELPIS_LIMIT', refused.message, { hint: refused.hint });
}
