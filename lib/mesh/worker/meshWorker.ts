import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isLeft } from 'fp-ts/lib/Either.js';
import { filter, interval, map, Observable, type SchedulerLike, Subscription } from 'rxjs';
import { builtins } from '../../builtins/builtins.js';
import type { Deps, Log } from '../../core/deps.js';
import { describeError } from '../../core/errorContext.js';
import { ElpisError, isElpisError } from '../../core/errors.js';
import type { EpochMs, Millis } from '../../core/units.js';
import type { Registry } from '../../plugin/registry.js';
import { loadOrigin } from '../../shares/loadOrigin.js';
import { PROTOCOL_VERSION, type ShareLink } from '../../shares/protocol.js';
import { startThread } from '../../shares/threads/startThread.js';
import { SharedClock } from '../../time/sharedClock.js';
import type { Permissions } from '../bundle/permissions.js';
import { unpackBundle } from '../bundle/unpackBundle.js';
import type { Bus } from '../bus.js';
import { ClockFollower } from '../clockOffset.js';
import { CALL, INVITATION, type Invitation, LEASE, type Lease, packed, unpacked } from '../groupMessages.js';
import { type RunSubjects, type Subjects, subjectsOf } from '../subjects.js';
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
  /** The environment of the process. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Sets the working directory of the process. */
  readonly chdir: (folder: string) => void;
  /** CPU time of the process so far, in milliseconds. */
  readonly cpuTimeMs: () => Millis;
}

const HEARTBEAT_MS: Millis = 500;

/** A run that a worker prepares or plays. */
interface Occupation {
  readonly run: string;
  readonly subjects: RunSubjects;
  readonly invitation: Invitation;
  readonly clock: SharedClock;
  readonly follower: ClockFollower;
  readonly work: Subscription;
  /** The time of the last lease of the coordinator, by the clock of this machine. */
  heardAt: EpochMs;
  prepared: boolean;
  playing: WorkerRun | undefined;
  /** It stops because its coordinator is gone. */
  stopping: boolean;
  /** Its shares have ended, and everything is stored. */
  done: boolean;
  cwd: string;
}

class MeshWorker {
  readonly #work = new Subscription();
  readonly #subjects: Subjects;
  readonly #scheduler: SchedulerLike;
  readonly #log: Log;
  #occupied: Occupation | undefined;

  constructor(private readonly options: MeshWorkerOptions) {
    this.#subjects = subjectsOf(options.group);
    this.#scheduler = options.deps.scheduler;
    this.#log = options.deps.log;
  }

  begin(): void {
    const { bus, worker } = this.options;
    const read = <T>(subject: string, codec: Parameters<typeof unpacked<T>>[1]): Observable<T> =>
      bus.subscribe(subject).pipe(
        map(({ data }) => unpacked(data, codec)),
        filter((message): message is Awaited<T> & T => message !== undefined),
      );
    this.#work.add(read(this.#subjects.call, CALL).subscribe(() => this.#offer()));
    this.#work.add(
      read(this.#subjects.of('*').invite(worker), INVITATION).subscribe((invitation) => void this.#prepare(invitation)),
    );
    this.#offer();
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
    const { run, leaseMs } = invitation;
    const { bus, worker } = this.options;
    const subjects = this.#subjects.of(run);
    if (this.#occupied !== undefined) {
      // The coordinator repeats an invitation whose answer it has not heard.
      if (this.#occupied.run === run && this.#occupied.prepared) this.#answer(this.#occupied, '');
      else if (this.#occupied.run !== run) this.#refuse(subjects, `plays the run ${this.#occupied.run}`);
      return;
    }
    const clock = new SharedClock(undefined, () => this.#scheduler.now());
    const follower = new ClockFollower(bus, subjects, worker, clock, this.#scheduler);
    const occupation: Occupation = {
      ...{ run, subjects, invitation, clock, follower, work: new Subscription(), heardAt: this.#scheduler.now() },
      ...{ prepared: false, playing: undefined, stopping: false, done: false, cwd: '' },
    };
    this.#occupied = occupation;
    this.#log.info(`invited to the run ${run}`, { run });
    occupation.work.add(bus.subscribe(subjects.lease).subscribe(({ data }) => this.#heard(occupation, data)));
    occupation.work.add(interval(HEARTBEAT_MS, this.#scheduler).subscribe(() => this.#beat(occupation, leaseMs)));
    try {
      occupation.cwd = await this.#unpack(invitation);
      await follower.set();
      if (this.#occupied !== occupation) return;
      occupation.prepared = true;
      this.#answer(occupation, '');
    } catch (error) {
      const hint = isElpisError(error) && error.hint !== undefined ? ` (${error.hint})` : '';
      const reason = `${describeError(error)}${hint}`;
      this.#log.warn(`the run ${run} cannot be played here: ${reason}`, { run });
      this.#refuse(subjects, reason);
      if (this.#occupied === occupation) this.#release();
    }
  }

  /** Writes the files of a run and checks its config. Returns its working directory. */
  async #unpack({ run, bundle }: Invitation): Promise<string> {
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
    return cwd;
  }

  #answer({ subjects, follower }: Occupation, reason: string): void {
    const { worker, bus } = this.options;
    const { offsetMs, uncertaintyMs } = follower.measured;
    bus.publish(subjects.answers, packed({ type: 'answer', worker, prepared: true, reason, offsetMs, uncertaintyMs }));
  }

  #refuse(subjects: RunSubjects, reason: string): void {
    const answer = { type: 'answer', worker: this.options.worker, prepared: false, reason: reason.slice(0, 2000) };
    this.options.bus.publish(subjects.answers, packed({ ...answer, offsetMs: 0, uncertaintyMs: 0 }));
  }

  #heard(occupation: Occupation, data: Uint8Array): void {
    const lease = unpacked(data, LEASE);
    if (lease === undefined || this.#occupied !== occupation || occupation.stopping) return;
    occupation.heardAt = this.#scheduler.now();
    occupation.clock.end = occupation.clock.running() + occupation.invitation.leaseMs;
    const { phase, workers, sent } = lease;
    const mine = workers.find(({ worker }) => worker === this.options.worker);
    if (phase === 'ended' || (phase === 'running' && mine === undefined)) this.#dismissed(occupation, lease);
    else if (mine !== undefined && occupation.prepared) {
      occupation.playing ??= this.#play(occupation, mine.shares);
      occupation.playing.assign(mine.shares);
      occupation.playing.catchUp(sent);
    }
  }

  #dismissed(occupation: Occupation, { phase }: Lease): void {
    if (occupation.playing === undefined) this.#log.info(`the run ${occupation.run} has no work for this worker`);
    else if (phase === 'running')
      this.#log.error(`the coordinator of the run ${occupation.run} has given this worker up`);
    this.#release();
  }

  #play(occupation: Occupation, shares: readonly number[]): WorkerRun {
    const { run, subjects, clock, follower } = occupation;
    const { bus, worker, deps, env, permissions, startShare } = this.options;
    const registry = builtins();
    this.#log.info(`plays ${shares.length === 1 ? 'share' : 'shares'} ${shares.join(', ')} of the run ${run}`, { run });
    follower.follow();
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
        occupation.done = true;
        // Without a coordinator no more heartbeats are needed.
        if (occupation.stopping && this.#occupied === occupation) this.#release();
      },
    });
  }

  /** Sends a heartbeat, and stops when the lease of the coordinator ends. */
  #beat(occupation: Occupation, leaseMs: Millis): void {
    const { bus, worker, cpuTimeMs } = this.options;
    const { follower, playing, heardAt } = occupation;
    const { offsetMs, uncertaintyMs } = follower.measured;
    bus.publish(
      occupation.subjects.heartbeats,
      packed({
        ...{ type: 'heartbeat', worker, offsetMs, cpu: cpuTimeMs() },
        uncertaintyMs: Number.isFinite(uncertaintyMs) ? uncertaintyMs : 0,
        ...{ alive: playing?.takeAlive() ?? [], sent: playing?.sent ?? [] },
      }),
    );
    const silentMs = this.#scheduler.now() - heardAt;
    // The last shots and the results need a part of the lease.
    if (silentMs < leaseMs * 0.7 || occupation.stopping) return;
    occupation.stopping = true;
    const reason = `has not heard the coordinator for ${(silentMs / 1000).toFixed(1)} s`;
    if (!occupation.done) this.#log.error(`${reason}: stops the run ${occupation.run}`, { run: occupation.run });
    if (playing === undefined || occupation.done) this.#release();
    else playing.stop(reason, Math.max(0, leaseMs - silentMs));
  }

  #release(): void {
    const occupation = this.#occupied;
    if (occupation === undefined) return;
    this.#occupied = undefined;
    occupation.work.unsubscribe();
    occupation.follower.stop();
    occupation.playing?.close();
    this.#offer();
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
 * Emits nothing, and does not complete.
 */
export function workMesh(options: MeshWorkerOptions): Observable<never> {
  return new Observable<never>(() => {
    const worker = new MeshWorker(options);
    worker.begin();
    return () => worker.end();
  });
}
