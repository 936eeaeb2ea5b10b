import type { Config } from '../config/config.js';
import type { Log } from '../core/deps.js';
import { ElpisError } from '../core/errors.js';
import type { Pool } from '../engine/pool.js';
import type { MeshRun } from '../mesh/coordinator/runMesh.js';

/**
 * The number of threads that a run can use: every thread needs an instance of every pool, otherwise its share is never
 * shot; only one thread can read stdin. A smaller number than configured is a warning.
 */
export function usableThreads(wanted: number, config: Config, pools: readonly Pool[], log: Log): number {
  if (wanted === 1) return 1;
  if (config.pools.some(({ ammo }) => ammo.traits.stdin === true)) {
    log.warn('ammo comes from stdin, which one thread reads: running in one thread');
    return 1;
  }
  const fewest = Math.min(...pools.map(({ instances }) => instances?.count ?? Number.POSITIVE_INFINITY));
  if (fewest >= wanted) return wanted;
  const usable = Math.max(1, fewest);
  log.warn(`a pool starts ${fewest} instances and every thread needs one: running in ${usable} of ${wanted} threads`);
  return usable;
}

/** The processes and threads that a run of this machine can use: every share needs an instance of every pool. */
export function usableShares(
  { processes, threads }: { readonly processes: number; readonly threads: number },
  config: Config,
  pools: readonly Pool[],
  log: Log,
): { readonly processes: number; readonly threads: number } {
  if (processes === 1) return { processes, threads: usableThreads(threads, config, pools, log) };
  const shares = usableThreads(processes * threads, config, pools, log);
  const usable = Math.max(1, Math.floor(shares / threads));
  return usable > 1 ? { processes: usable, threads } : { processes: 1, threads: Math.min(threads, shares) };
}

/**
 * The number of workers that a run can use: every share needs an instance of every pool.
 *
 * @throws ElpisError `ELPIS_MESH` for ammo from standard input, which other machines cannot read.
 */
export function usableWorkers(
  mesh: MeshRun,
  threads: number,
  config: Config,
  pools: readonly Pool[],
  log: Log,
): MeshRun {
  if (config.pools.some(({ ammo }) => ammo.traits.stdin === true))
    throw new ElpisError('ELPIS_MESH', 'ammo comes from stdin, which workers on other machines cannot read', {
      hint: 'write it to a file',
    });
  const fewest = Math.min(...pools.map(({ instances }) => instances?.count ?? Number.POSITIVE_INFINITY));
  const usable = Math.max(1, Math.floor(fewest / threads));
  if (usable >= mesh.workers) return mesh;
  const each = threads === 1 ? 'every worker' : `each of the ${threads} threads of a worker`;
  log.warn(`a pool starts ${fewest} instances and ${each} needs one: running on ${usable} of ${mesh.workers} workers`);
  return { ...mesh, workers: usable, minWorkers: Math.min(mesh.minWorkers, usable) };
}
