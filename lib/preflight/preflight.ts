import type { Issue } from '../codec/issue.js';
import type { Log } from '../core/deps.js';
import { ElpisError } from '../core/errors.js';
import { portIssues } from './localPorts.js';
import {
  type CountedPool,
  connectionTerms,
  grouped,
  type Opening,
  type PoolPlans,
  pathOf,
  poolConnections,
} from './poolConnections.js';
import type { SystemLimits } from './systemLimits.js';

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

/**
 * Compares the connections and files of a run with the limits of the system, before any is opened. Only guns whose
 * traits name their connections are counted, and only known limits.
 *
 * @param plans The plans of the pools, in the same order.
 */
export function preflight(
  pools: readonly CountedPool[],
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
