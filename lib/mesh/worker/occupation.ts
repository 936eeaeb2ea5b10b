import { type SchedulerLike, Subscription } from 'rxjs';
import type { EpochMs, Millis } from '../../core/units.js';
import { SharedClock } from '../../time/sharedClock.js';
import type { Bus } from '../bus.js';
import { ClockFollower } from '../clockOffset.js';
import type { Invitation, Lease } from '../groupMessages.js';
import type { RunSubjects } from '../subjects.js';
import type { WorkerRun } from './workerRun.js';

/** A worker that has prepared a run is not needed when so many leases to all have arrived, and none to itself. */
const LEASES_WITHOUT_SHARES = 4;

/** Without the coordinator a worker stops after this part of the lease: the last shots and the results need the rest. */
const STOPS_AFTER = 0.7;

/**
 * What a worker does for a run.
 *
 * ```text
 * preparing --> prepared --> playing --> ended
 *                               `--> stopping --> (free)    the coordinator is gone
 * ```
 *
 * It is free again from every phase when it is dismissed.
 */
export type OccupationPhase = 'preparing' | 'prepared' | 'playing' | 'stopping' | 'ended';

/** What follows from a lease: nothing, the worker goes on, or it is dismissed. */
export type LeaseEffect = 'ignored' | 'kept' | 'dismissed';

/** A run that a worker prepares or plays: its phase, its clock, and the lease of its coordinator. */
export class Occupation {
  readonly run: string;
  readonly work = new Subscription();
  readonly clock: SharedClock;
  readonly follower: ClockFollower;
  phase: OccupationPhase = 'preparing';
  playing: WorkerRun | undefined;
  /** The working directory of the run. */
  cwd = '';
  /** What the coordinator should know about this machine before the start. */
  warnings: readonly string[] = [];
  /** The time at which the last lease of the coordinator was sent, by the clock of this machine. */
  #heardAt: EpochMs;
  /** Leases to all since the last one to this worker. */
  #leasesToAll = 0;

  constructor(
    readonly invitation: Invitation,
    readonly subjects: RunSubjects,
    { bus, worker }: { readonly bus: Bus; readonly worker: string },
    private readonly scheduler: SchedulerLike,
  ) {
    this.run = invitation.run;
    this.clock = new SharedClock(undefined, () => scheduler.now());
    this.follower = new ClockFollower(bus, subjects, worker, this.clock, scheduler);
    this.#heardAt = scheduler.now();
  }

  /** The time since the last lease was sent. */
  get silentMs(): Millis {
    return this.scheduler.now() - this.#heardAt;
  }

  /** True when the coordinator is taken for dead. */
  get isLeft(): boolean {
    return this.silentMs >= this.invitation.leaseMs * STOPS_AFTER;
  }

  /**
   * Renews the lease: the clock of the shares goes on until the end of the lease, counted from when it was sent. One that has waited
   * for longer, as while the process was suspended, or that somebody else repeats, changes nothing.
   *
   * @param own True for the lease to this worker, with its shares.
   */
  heard({ phase, at }: Lease, own: boolean): LeaseEffect {
    if (this.phase === 'stopping') return 'ignored';
    if (phase === 'ended' || phase === 'given-up') return 'dismissed';
    const ageMs = this.#ageOf(at);
    const leftMs = this.invitation.leaseMs - ageMs;
    if (leftMs <= 0) return 'ignored';
    this.#heardAt = Math.max(this.#heardAt, this.scheduler.now() - ageMs);
    // Before the clock is set its time means nothing.
    if (this.phase === 'preparing') return 'ignored';
    this.clock.end = Math.max(this.clock.end, this.clock.running() + leftMs);
    if (own) this.#leasesToAll = 0;
    else if (phase === 'running' && this.phase === 'prepared') this.#leasesToAll++;
    return this.#leasesToAll >= LEASES_WITHOUT_SHARES ? 'dismissed' : 'kept';
  }

  /** Ends everything of the run here. */
  close(): void {
    this.work.unsubscribe();
    this.follower.stop();
    this.playing?.close();
  }

  /** The time since a moment of the coordinator, by its clock as far as it is known. */
  #ageOf(at: EpochMs): Millis {
    const { offsetMs, uncertaintyMs } = this.follower.measured;
    return Number.isFinite(uncertaintyMs) ? Math.max(0, this.scheduler.now() + offsetMs - at) : 0;
  }
}
