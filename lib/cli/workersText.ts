import type { Issue } from '../codec/issue.js';
import { assemblePools } from '../config/assemblePools.js';
import type { Config } from '../config/config.js';
import { countInShare, type Deps } from '../core/deps.js';
import type { Millis } from '../core/units.js';
import type { Pool } from '../engine/pool.js';
import { busiest } from '../preflight/poolConnections.js';
import { systemLimits } from '../preflight/systemLimits.js';
import { workerPreflight } from '../preflight/workerPart.js';
import type { RehearsedPool } from '../rehearsal/rehearsal.js';
import { formatCount, formatRate } from '../report/format.js';

/** As in the config: the time without heartbeats after which a worker is lost. */
const LEASE_MS: Millis = 5000;
/** A new share reads the config and warms up in this time. */
const PREPARE_MS: Millis = 2000;

/** What the workers of a run would have to do, for one pool. Counts are those of the worker that has the most. */
export interface PoolOnWorkers {
  readonly pool: string;
  /** Instances of the pool; `null` when their number is not known. */
  readonly instances: number | null;
  /** The planned rate of a worker at its highest; `null` without a plan. */
  readonly peakPerSecond: number | null;
  /** Shares whose operations would wait, because more of them are under way at once than the share has instances. */
  readonly sharesThatWait: number;
  /** The instances with which no operation waits in any share. */
  readonly instancesForNoWait: number;
  /** Operations of a lost worker, at most: all that it has, and those until others take over with `resplit`; `null` when unknown. */
  readonly lostContinue: number | null;
  readonly lostResplit: number | null;
}

/** Whether a number of workers suffices, and what the loss of one means. */
export interface WorkersPlan {
  readonly workers: number;
  readonly threads: number;
  /** The workers that have an instance of every pool for each of their threads. */
  readonly usable: number;
  readonly pools: readonly PoolOnWorkers[];
  /** What a worker with the limits of this machine would report before the start. */
  readonly issues: readonly Issue[];
  /** From the loss of a worker until others shoot its operations. */
  readonly gapMs: Millis;
}

function poolOnWorkers(
  pool: Pool,
  { busiestShares = [], rates }: RehearsedPool,
  { workers, gapMs }: { readonly workers: number; readonly gapMs: Millis },
): PoolOnWorkers {
  const { plan, instances, rpsPerInstance } = pool;
  const shares = busiestShares.length;
  const all = instances !== undefined && Number.isFinite(instances.count) ? instances.count : null;
  const own = (share: number): number =>
    all === null ? Number.POSITIVE_INFINITY : countInShare({ index: share, of: shares }, all);
  const copies = rpsPerInstance ? (all ?? 0) : 1;
  const known = plan !== undefined && Number.isFinite(plan.count);
  return {
    pool: pool.id,
    instances: all,
    peakPerSecond: rates.planned === null ? null : Math.max(0, ...rates.planned) / workers,
    sharesThatWait: busiestShares.filter((busy, share) => busy > own(share)).length,
    instancesForNoWait: Math.max(
      0,
      ...busiestShares.map((busy, share) => (busy === 0 ? 0 : (busy - 1) * shares + share + 1)),
    ),
    lostContinue: known ? Math.ceil((plan.count * copies) / workers) : null,
    lostResplit: known ? Math.ceil((busiest(plan, gapMs * 1e6) * copies) / workers) : null,
  };
}

/** Compares a rehearsal in one process with a run on several workers. */
export function workersPlan(
  config: Config,
  rehearsed: readonly RehearsedPool[],
  { workers, threads, deps }: { readonly workers: number; readonly threads: number; readonly deps: Deps },
): WorkersPlan {
  const pools = assemblePools(config.pools, deps);
  const fewest = Math.min(...pools.map(({ instances }) => instances?.count ?? Number.POSITIVE_INFINITY));
  const gapMs = 2 * (config.mesh?.lease ?? LEASE_MS) + PREPARE_MS;
  return {
    ...{ workers, threads, gapMs },
    usable: Math.max(1, Math.min(workers, Math.floor(fewest / threads))),
    pools: pools.flatMap((pool) => {
      const found = rehearsed.find((each) => each.pool === pool.id);
      return found === undefined ? [] : [poolOnWorkers(pool, found, { workers, gapMs })];
    }),
    issues: workerPreflight(config.pools, pools, systemLimits(), { workers, threads }),
  };
}

function poolText(pool: PoolOnWorkers, { workers, threads, gapMs }: WorkersPlan): string {
  const { instances, peakPerSecond, sharesThatWait, instancesForNoWait, lostContinue, lostResplit } = pool;
  const rate = peakPerSecond === null ? 'as fast as the target responds' : `at most ${formatRate(peakPerSecond)}`;
  const each = instances === null ? '' : `, up to ${formatCount(Math.ceil(instances / workers))} instances`;
  const waits =
    sharesThatWait === 0
      ? 'no operation waits for an instance of its share'
      : `operations of ${formatCount(sharesThatWait)} of ${formatCount(workers * threads)} shares wait: a share uses only its own instances. ${formatCount(instancesForNoWait)} instances are enough`;
  const others =
    workers > 1 && peakPerSecond !== null
      ? `, and the others have ${formatRate((peakPerSecond * workers) / (workers - 1))} each`
      : '';
  const lost =
    lostContinue === null
      ? 'its operations are left out, since their number is not known'
      : `continue: up to ${formatCount(lostContinue)} operations are missing; resplit: up to ${formatCount(lostResplit ?? 0)}, those of ${gapMs / 1000} s${others}`;
  return `  ${pool.pool}\n    a worker   ${rate}${each}\n    shares     ${waits}\n    one lost   ${lost}\n`;
}

/** The plan as text. */
export function workersText(plan: WorkersPlan): string {
  const { workers, threads, usable, pools, issues } = plan;
  const of = threads === 1 ? '' : ` with ${threads} threads each`;
  const enough =
    usable >= workers
      ? `${formatCount(workers * threads)} shares: every share has an instance of every pool`
      : `only ${formatCount(usable)} can be used: every share needs an instance of every pool`;
  const limits =
    issues.length === 0
      ? '  limits     a worker with the limits of this machine has room\n'
      : issues.map(({ severity, message, hint }) => `  limits     ${severity}: ${message} (${hint})\n`).join('');
  return `\n${formatCount(workers)} workers${of}: ${enough}\n\n${pools.map((pool) => poolText(pool, plan)).join('')}${limits}`;
}
