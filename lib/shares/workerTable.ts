import { defined } from '../core/defined.js';
import type { Millis } from '../core/units.js';
import type { WorkerPhase, WorkerState } from '../measure/workerState.js';
import type { RemoteShare } from './remoteShare.js';

/** Who plays a share. */
export interface WorkerName {
  readonly worker: string;
  /** The name of its machine, when it is another one. */
  readonly host?: string;
}

/** What a worker on another machine reports about itself. */
export interface WorkerReading {
  /** The processors that its process used; `null` when it is not known yet. */
  readonly cpu: number | null;
  readonly clockOffsetMs: Millis;
  readonly clockUncertaintyMs: Millis;
  /** True when its heartbeats are missing, and it is not given up yet. */
  readonly silent: boolean;
}

/** Options of {@link workerStates}. */
export interface WorkerNames {
  /** The word for a share. Default `share`. */
  readonly noun?: string | undefined;
  /** Who plays a share, by its number. Default: each share is a worker, with the noun and its number as its name. */
  readonly workerOf?: ((share: number) => WorkerName | undefined) | undefined;
  /** What a worker reports about itself. Default: what its shares report. */
  readonly readingOf?: ((worker: string) => WorkerReading | undefined) | undefined;
}

/** A worker on another machine as text; `undefined` for one of this machine, whose number says enough. */
export function playerText(name: WorkerName | undefined): string | undefined {
  return name?.host === undefined ? undefined : `${name.worker} on ${name.host}`;
}

function phaseOf(shares: readonly RemoteShare[], reading: WorkerReading | undefined): WorkerPhase {
  const open = shares.filter(({ phase }) => phase !== 'ended');
  if (open.length === 0) return shares.some(({ isLost }) => isLost) ? 'lost' : 'ended';
  if (reading?.silent === true || open.some(({ isSilent }) => isSilent)) return 'silent';
  return open.some(({ phase }) => phase === 'running') ? 'running' : 'preparing';
}

/** The sum of what the open shares report; `null` when none has. */
function cpuOf(shares: readonly RemoteShare[]): number | null {
  const known = shares.flatMap(({ phase, cpu }) => (phase === 'ended' || cpu === undefined ? [] : [cpu]));
  return known.length === 0 ? null : known.reduce((sum, cpu) => sum + cpu, 0);
}

/** The workers of a run, with the shares that each has played, in the order of their first shares. */
export function workerStates(
  shares: readonly RemoteShare[],
  { noun = 'share', workerOf, readingOf }: WorkerNames,
): readonly WorkerState[] {
  const byWorker = new Map<string, { readonly name: WorkerName; readonly shares: RemoteShare[] }>();
  for (const share of shares) {
    const name = workerOf?.(share.id) ?? { worker: `${noun} ${share.id}` };
    const known = byWorker.get(name.worker);
    if (known === undefined) byWorker.set(name.worker, { name, shares: [share] });
    else known.shares.push(share);
  }
  return [...byWorker.values()].map(({ name: { worker, host }, shares: own }) => {
    const reading = readingOf?.(worker);
    return {
      worker,
      ...defined({ host }),
      phase: phaseOf(own, reading),
      shares: own.map(({ id }) => id),
      cpu: reading === undefined ? cpuOf(own) : reading.cpu,
      ...defined({ clockOffsetMs: reading?.clockOffsetMs, clockUncertaintyMs: reading?.clockUncertaintyMs }),
    };
  });
}
