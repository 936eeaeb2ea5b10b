import { type SchedulerLike, Subscription } from 'rxjs';
import type { EpochMs, Millis } from '../core/units.js';
import { PROTOCOL_VERSION } from '../shares/protocol.js';
import type { Bus } from './bus.js';
import {
  HEARTBEAT,
  type Heartbeat,
  LEASE,
  type Lease,
  OFFER,
  type Offer,
  packed,
  RUN_PLAN,
  unpacked,
} from './groupMessages.js';
import { runOfSubject, subjectsOf } from './subjects.js';

/** How long the responses are awaited: a coordinator renews its lease twice in this time. */
const LISTEN_MS: Millis = 1200;

const PLAN_LIMIT = 16 * 1024 * 1024;

/** A run that the group still has in its journal. */
export interface KnownRun {
  readonly run: string;
  readonly startedAt: EpochMs;
  readonly workers: number;
  readonly shares: number;
  /** `running`: its coordinator renews the lease. `left`: none renews it, so the run has ended or can be resumed. */
  readonly state: 'gathering' | 'running' | 'left';
}

/** A worker, with its last heartbeat when it prepares or plays a run. */
export interface KnownWorker extends Offer {
  readonly heartbeat: Heartbeat | null;
}

/** The workers and the runs of a group. */
export interface GroupState {
  readonly workers: readonly KnownWorker[];
  readonly runs: readonly KnownRun[];
}

/** Asks the workers and the coordinators of a group for their state. */
export async function groupState(
  bus: Bus,
  {
    group,
    version,
    scheduler,
  }: { readonly group: string; readonly version: string; readonly scheduler: SchedulerLike },
): Promise<GroupState> {
  const subjects = subjectsOf(group);
  const workers = new Map<string, Offer>();
  const heartbeats = new Map<string, Heartbeat>();
  const leases = new Map<string, Lease>();
  const listening = new Subscription();
  listening.add(
    bus.subscribe(subjects.offers).subscribe(({ data }) => {
      const offer = unpacked(data, OFFER);
      if (offer !== undefined) workers.set(offer.worker, offer);
    }),
  );
  listening.add(
    bus.subscribe(subjects.of('*').lease).subscribe(({ subject, data }) => {
      const lease = unpacked(data, LEASE);
      if (lease !== undefined && lease.phase !== 'ended') leases.set(runOfSubject(subject) ?? '', lease);
    }),
  );
  listening.add(
    bus.subscribe(subjects.of('*').heartbeats).subscribe(({ data }) => {
      const heartbeat = unpacked(data, HEARTBEAT);
      if (heartbeat !== undefined) heartbeats.set(heartbeat.worker, heartbeat);
    }),
  );
  bus.publish(subjects.call, packed({ type: 'call', version, protocol: PROTOCOL_VERSION }));
  await new Promise<void>((resolve) => scheduler.schedule(() => resolve(), LISTEN_MS));
  listening.unsubscribe();
  const runs: KnownRun[] = [];
  for (let after = 0; ; ) {
    const stored = await bus.next(subjects.of('*').plan, after);
    if (stored === undefined) break;
    after = stored.position;
    const plan = unpacked(stored.data, RUN_PLAN, PLAN_LIMIT);
    if (plan === undefined) continue;
    const { run, at, workers: assigned } = plan;
    const shares = assigned.reduce((sum, each) => sum + each.shares.length, 0);
    const state = leases.get(run) === undefined ? 'left' : 'running';
    runs.push({ run, startedAt: at, workers: assigned.length, shares, state });
  }
  const planned = new Set(runs.map(({ run }) => run));
  for (const [run] of leases)
    if (!planned.has(run)) runs.push({ run, startedAt: scheduler.now(), workers: 0, shares: 0, state: 'gathering' });
  const known = [...workers.values()].map((offer) => ({ ...offer, heartbeat: heartbeats.get(offer.worker) ?? null }));
  return { workers: known.sort((a, b) => (a.worker < b.worker ? -1 : 1)), runs };
}
