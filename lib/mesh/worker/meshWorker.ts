import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isLeft } from 'fp-ts/lib/Either.js';
import { interval, Observable, type SchedulerLike, Subscription } from 'rxjs';
import { builtins } from '../../builtins/builtins.js';
import type { Config } from '../../config/config.js';
import type { Deps, Log } from '../../core/deps.js';
import { describeError } from '../../core/errorContext.js';
import { ElpisError, isElpisError } from '../../core/errors.js';
import type { EpochMs, Millis } from '../../core/units.js';
import type { Registry } from '../../plugin/registry.js';
import { loadOrigin } from '../../shares/loadOrigin.js';
import { PROTOCOL_VERSION, type ShareLink } from '../../shares/protocol.js';
import { startThread } from '../../shares/threads/startThread.js';
import type { SharedClock } from '../../time/sharedClock.js';
import type { Permissions } from '../bundle/permissions.js';
import { unpackBundle } from '../bundle/unpackBundle.js';
import type { Bus } from '../bus.js';
import { CALL, INVITATION, type Invitation, LEASE, type Lease, packed, unpacked } from '../groupMessages.js';
import { type RunSubjects, runOfSubject, type Subjects, subjectsOf } from '../subjects.js';
import { Occupation } from './occupation.js';
import { WorkerRun } from './workerRun.js';

/** Options of {@link workMesh}. */
export interface MeshWorkerOptions {
  readonly bus: Bus;
  readonly group: string;
  /** Its id in the group. */
  readonly worker: string;
  readonly host: string;
  readonly version: string;
  readonly cpus: number;
  readonly permissions: Permissions;
  /** Each run has a folder of its own below this one, with its files and its results. */
  readonly folder: string;
  readonly deps: Deps;
  /** The components that a config can select while it is checked. Default: the builtin ones. */
  readonly registry?: () => Registry;
  /** Starts a share that plays by a clock. Default: in a thread. */
  readonly startShare?: (clock: SharedClock) => ShareLink;
  /**
   * Compares the part of this worker with the limits of its machine. Returns warnings, and throws when the part does not fit. Default:
   * nothing is compared.
   */
  readonly preflight?: (
    config: Config,
    parts: { readonly workers: number; readonly threads: number },
  ) => readonly string[];
  /** The environment of the process. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Sets the working directory of the process. */
  readonly chdir: (folder: string) => void;
  /** CPU time of the process so far, in milliseconds. */
  readonly cpuTimeMs: () => Millis;
}

const HEARTBEAT_MS: Millis = 500;

const NO_RATES = { perSecond: null, lateMs: null };

class MeshWorker {
  readonly #work = new Subscription();
  readonly #subjects: Subjects;
  readonly #scheduler: SchedulerLike;
  readonly #log: Log;
  #occupied: Occupation | undefined;
  /** The processor time of the process until the last heartbeat, and the time of that. */
  #cpu: { readonly usedMs: Millis; readonly at: EpochMs } | undefined;

  /** Why nothing more can be sent or received. */
  #broken: ElpisError | undefined;

  /** @param failed Called when the connection has ended for good and no run is played any more. */
  constructor(
    private readonly options: MeshWorkerOptions,
    private readonly failed: (error: ElpisError) => void,
  ) {
    this.#subjects = subjectsOf(options.group);
    this.#scheduler = options.deps.scheduler;
    this.#log = options.deps.log;
  }

  begin(): void {
    const { bus, worker } = this.options;
    this.#work.add(
      bus.subscribe(this.#subjects.call).subscribe(({ data }) => {
        if (unpacked(data, CALL) !== undefined) this.#offer();
      }),
    );
    this.#work.add(
      bus.subscribe(this.#subjects.of('*').invite(worker)).subscribe(({ subject, data }) => {
        const invitation = unpacked(data, INVITATION);
        // An invitation of one run on the subject of another is none.
        if (invitation !== undefined && invitation.run === runOfSubject(subject)) void this.#prepare(invitation);
      }),
    );
    this.#work.add(bus.ended.subscribe((error) => this.#disconnected(error)));
    this.#offer();
  }

  /** Ends the run that is played here, since neither its results nor its lease can pass any more. */
  #disconnected(error: ElpisError): void {
    this.#broken = error;
    const occupation = this.#occupied;
    if (occupation === undefined) this.failed(error);
    else if (occupation.playing === undefined || occupation.phase === 'ended') this.#release();
    else if (occupation.phase === 'playing') {
      this.#log.error(`${error.message}: stops the run ${occupation.run}`, { run: occupation.run });
      this.#stop(occupation, 'has lost its connection to NATS');
    }
  }

  #stop(occupation: Occupation, reason: string): void {
    occupation.phase = 'stopping';
    occupation.playing?.stop(reason, Math.max(0, occupation.invitation.leaseMs - occupation.silentMs));
  }

  end(): void {
    this.#release();
    this.#work.unsubscribe();
  }

  #offer(): void {
    const { worker, host, version, cpus, permissions } = this.options;
    const offer = { type: 'offer', worker, host, version, protocol: PROTOCOL_VERSION, cpus, allow: permissions.texts };
    this.options.bus.publish(this.#subjects.offers, packed({ ...offer, run: this.#occupied?.run ?? '' }));
  }

  async #prepare(invitation: Invitation): Promise<void> {
    const { run } = invitation;
    const { bus, worker } = this.options;
    const subjects = this.#subjects.of(run);
    if (this.#occupied !== undefined) {
      // The coordinator repeats an invitation whose answer it has not heard.
      if (this.#occupied.run !== run) this.#refuse(subjects, `plays the run ${this.#occupied.run}`);
      else if (this.#occupied.phase !== 'preparing') this.#answer(this.#occupied);
      return;
    }
    const occupation = new Occupation(invitation, subjects, this.options, this.#scheduler);
    const { follower, work } = occupation;
    this.#occupied = occupation;
    this.#log.info(`invited to the run ${run}`, { run });
    for (const subject of [subjects.lease, subjects.leaseOf(worker)])
      work.add(
        bus.subscribe(subject).subscribe(({ data }) => {
          const lease = unpacked(data, LEASE);
          if (lease !== undefined) this.#heard(occupation, lease, subject !== subjects.lease);
        }),
      );
    work.add(interval(HEARTBEAT_MS, this.#scheduler).subscribe(() => this.#beat(occupation)));
    try {
      Object.assign(occupation, await this.#unpack(invitation));
      await follower.set();
      if (this.#occupied !== occupation) return;
      occupation.phase = 'prepared';
      this.#answer(occupation);
    } catch (error) {
      const hint = isElpisError(error) && error.hint !== undefined ? ` (${error.hint})` : '';
      const reason = `${describeError(error)}${hint}`;
      this.#log.warn(`the run ${run} cannot be played here: ${reason}`, { run });
      this.#refuse(subjects, reason);
      if (this.#occupied === occupation) this.#release();
    }
  }

  /** Writes the files of a run and checks its config. Returns its working directory, and the warnings about this machine. */
  async #unpack({ run, bundle, workers, threads }: Invitation): Promise<Pick<Occupation, 'cwd' | 'warnings'>> {
    const { permissions, bus, env, chdir } = this.options;
    permissions.checkBundle(bundle);
    const folder = join(this.options.folder, run);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const cwd = await unpackBundle(bundle, folder, bus.files);
    chdir(cwd);
    const { noModules } = permissions;
    const loaded = await loadOrigin({ ...bundle.origin, cwd }, (this.options.registry ?? builtins)(), {
      env: permissions.variables(env),
      noModules,
    })();
    if (isLeft(loaded)) throw loaded.left;
    permissions.checkConfig(loaded.right, folder);
    return { cwd, warnings: this.options.preflight?.(loaded.right, { workers, threads }) ?? [] };
  }

  #answer({ subjects, follower, warnings }: Occupation): void {
    const { worker, bus } = this.options;
    const { offsetMs, uncertaintyMs } = follower.measured;
    const reason = warnings.join('; ').slice(0, 2000);
    bus.publish(subjects.answers, packed({ type: 'answer', worker, prepared: true, reason, offsetMs, uncertaintyMs }));
  }

  #refuse(subjects: RunSubjects, reason: string): void {
    const answer = { type: 'answer', worker: this.options.worker, prepared: false, reason: reason.slice(0, 2000) };
    this.options.bus.publish(subjects.answers, packed({ ...answer, offsetMs: 0, uncertaintyMs: 0 }));
  }

  #heard(occupation: Occupation, lease: Lease, own: boolean): void {
    if (this.#occupied !== occupation) return;
    const effect = occupation.heard(lease, own);
    if (effect === 'dismissed') this.#dismissed(occupation, lease.phase);
    if (effect !== 'kept' || !own) return;
    occupation.playing ??= this.#play(occupation, lease.shares);
    occupation.playing.assign(lease.shares);
    occupation.playing.catchUp(lease.sent);
  }

  #dismissed(occupation: Occupation, phase: Lease['phase']): void {
    if (occupation.playing === undefined) this.#log.info(`the run ${occupation.run} has no work for this worker`);
    else if (phase === 'given-up')
      this.#log.error(`the coordinator of the run ${occupation.run} has given this worker up`);
    this.#release();
  }

  #play(occupation: Occupation, shares: readonly number[]): WorkerRun {
    const { run, subjects, clock, follower } = occupation;
    const { bus, worker, deps, env, permissions, startShare } = this.options;
    const registry = builtins();
    this.#log.info(`plays ${shares.length === 1 ? 'share' : 'shares'} ${shares.join(', ')} of the run ${run}`, { run });
    follower.follow();
    occupation.phase = 'playing';
    return new WorkerRun({
      ...{ bus, run, subjects, worker, shares, clock, scheduler: this.#scheduler, log: this.#log },
      start: () =>
        startShare?.(clock) ??
        startThread({ clock: clock.memory, env: permissions.variables(env), noModules: permissions.noModules }),
      createSink: (name, config) => {
        const sink = registry.find('sink', name);
        if (sink === undefined) throw new ElpisError('ELPIS_SINK', `there is no sink ${name}`);
        return sink.create(config, deps);
      },
      ended: () => {
        this.#log.info(`the run ${run} has ended here; its results are in ${occupation.cwd}`, { run });
        // Without a coordinator no more heartbeats are needed.
        if (occupation.phase === 'stopping' && this.#occupied === occupation) this.#release();
        occupation.phase = 'ended';
      },
    });
  }

  /** Sends a heartbeat, and stops when the lease of the coordinator ends. */
  #beat(occupation: Occupation): void {
    const { bus, worker } = this.options;
    const { follower, playing, silentMs, phase, run } = occupation;
    const { offsetMs, uncertaintyMs } = follower.measured;
    bus.publish(
      occupation.subjects.heartbeats,
      packed({
        ...{ type: 'heartbeat', worker, offsetMs, cpu: this.#processors(), ...(playing?.rates ?? NO_RATES) },
        uncertaintyMs: Number.isFinite(uncertaintyMs) ? uncertaintyMs : 0,
        ...{ alive: playing?.takeAlive() ?? [], sent: playing?.sent ?? [], lost: playing?.unstored ?? [] },
      }),
    );
    if (!occupation.isLeft || phase === 'stopping') return;
    const reason = `has not heard the coordinator for ${(silentMs / 1000).toFixed(1)} s`;
    if (phase !== 'ended') this.#log.error(`${reason}: stops the run ${run}`, { run });
    if (playing === undefined || phase === 'ended') {
      this.#release();
      return;
    }
    this.#stop(occupation, reason);
  }

  /** The processors that the process has used since the last call. */
  #processors(): number {
    const [at, usedMs] = [this.#scheduler.now(), this.options.cpuTimeMs()];
    const last = this.#cpu;
    this.#cpu = { at, usedMs };
    return last === undefined || at <= last.at ? 0 : (usedMs - last.usedMs) / (at - last.at);
  }

  #release(): void {
    const occupation = this.#occupied;
    if (occupation === undefined) return;
    this.#occupied = undefined;
    occupation.close();
    if (this.#broken !== undefined) this.failed(this.#broken);
    else this.#offer();
  }
}

/**
 * A worker of a group: reports that it is free, prepares a run when a coordinator invites it, and plays its shares, each in
 * a thread of its own, so that its heartbeats do not depend on the load.
 *
 * - It runs nothing that its permissions do not allow.
 * - It stops within the lease when it does not hear the coordinator any more: its clock stands still at the end of the lease, so
 *   nothing that is due later is shot.
 * - It plays one run at a time. Unsubscribing ends that run here at once.
 *
 * Emits nothing, and does not complete. Errors when the connection has ended for good, after the end of the run that was played.
 */
export function workMesh(options: MeshWorkerOptions): Observable<never> {
  return new Observable<never>((subscriber) => {
    const worker = new MeshWorker(options, (error) => subscriber.error(error));
    worker.begin();
    return () => worker.end();
  });
}
