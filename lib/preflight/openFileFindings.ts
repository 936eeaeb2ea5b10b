import { connectionTerms } from './connectionTerms.js';
import type { Finding } from './finding.js';
import { grouped } from './grouped.js';
import type { PoolConnections } from './poolConnections.js';
import type { SystemLimits } from './systemLimits.js';

/** Streams, results, ammo, modules, and what the event loops of a process and its threads need. */
const OTHER_FILES = 64;
const FILES_PER_THREAD = 16;

/** Connections and other files against the limit of open files, which all threads share. */
export function openFileFindings(
  pools: readonly PoolConnections[],
  { openFiles = Number.POSITIVE_INFINITY }: SystemLimits,
  threads: number,
): readonly Finding[] {
  const others = OTHER_FILES + FILES_PER_THREAD * (threads - 1);
  const opening = pools.filter(({ most }) => most > 0);
  const most = opening.reduce((sum, pool) => sum + pool.most, others);
  if (opening.length === 0 || most <= openFiles) return [];
  const kept = opening.reduce((sum, pool) => sum + pool.kept, 0);
  const sum = `${connectionTerms(opening)} + ${grouped(others)} other files = ${grouped(most)}`;
  return [
    {
      // How many other files there are is a guess; connections alone are not.
      level: kept >= openFiles ? 'error' : 'warning',
      message: `${sum}, but this process may have ${grouped(openFiles)} files open (ulimit -n)`,
      hint:
        `ulimit -n ${most} before the start (above the hard limit only as root; docker run --ulimit nofile=${most}), ` +
        'or fewer instances',
    },
  ];
}
