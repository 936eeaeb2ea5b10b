import {
  firstValueFrom,
  interval,
  merge,
  mergeMap,
  Observable,
  ReplaySubject,
  Subject,
  type Subscriber,
  Subscription,
  startWith,
  takeUntil,
  throwError,
} from 'rxjs';
import type { Config } from '../../config/config.js';
import type { Deps } from '../../core/deps.js';
import { withContext } from '../../core/errorContext.js';
import { ElpisError } from '../../core/errors.js';
import type { Millis } from '../../core/units.js';
import type { PlayedEvent } from '../../engine/runEvent.js';
import { coordinate } from '../../shares/coordinate.js';
import type { SharedRun } from '../../shares/sharedRun.js';
import { anySeed } from '../../time/seededRandom.js';
import { type MadeBundle, makeBundle, sendBundle } from '../bundle/makeBundle.js';
import type { Bus, Repeater } from '../bus.js';
import { serveClock } from '../clockOffset.js';
import { type Assignment, type Lease, packed, type RunPlan, STOP, unpacked } from '../groupMessages.js';
import { newRunId, type RunSubjects, subjectsOf } from '../subjects.js';
import { gatherWorkers, type ReadyWorker } from './gatherWorkers.js';
import { MeshLinks, RENEW_EVERY_MS, type SentBefore } from './meshLinks.js';
import { ensureLeft, planOf, sentIn } from './resumed.js';

/** How a run uses several machines. */
export interface MeshRun {
  /** Connects to the others. */
  readonly connect: () => Promise<Bus>;
  readonly group: string;
  readonly version: string;
  readonly workers: number;
  readonly minWorkers: number;
  /** The longest time until the workers are ready. */
  readonly deadlineMs: Millis;
  /** Without its coordinator a worker stops in this time; a worker without heartbeats for this time is lost. */
  readonly leaseMs: Millis;
  readonly onLostWorker: 'fail' | 'continue' | 'resplit';
  /** Files for the workers besides those that the config names. */
  readonly files: readonly string[];
  /** The working directory. */
  readonly cwd: string;
  /** The id of a run whose coordinator has died. Default: a new run. */
  readonly resume?: string | undefined;
}

/** Options of {@link runMesh}. */
export interface RunMeshOptions
  extends Omit<SharedRun, 'createSink' | 'deps' | 'noun' | 'workerOf' | 'readingOf' | 'orderMs'> {
  readonly mesh: MeshRun;
  readonly config: Config;
  /** The number of shares of each worker. */
  readonly threads: number;
  readonly deps: Deps;
}

/**
 * The lease is renewed for this long while the main thread of the coordinator is busy. It is then taken for dead, and the workers stop:
 * nothing could end the run.
 */
const PATIENCE_MS: Millis = 30_000;

/** The time from an order to its execution: at least so long, and longer when the way to a worker is. */
const ORDER_MS: Millis = 200;

/** Shots under way may take so long after `elpis mesh stop`, as after Ctrl-C. */
const STOP_MS: Millis = 30_000;

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(bytes < 1e5 ? 3 : 1)} MB`;

/** One run, from the connection to the end of its lease. */
class MeshSession {
  readonly #work = new Subscription();
  readonly #stopped = new Subject<void>();
  /** The drains of this process, and those of `elpis mesh stop`. */
  readonly #drain = new ReplaySubject<Millis>(1);
  #bus: Bus | undefined;
  #links: MeshLinks | undefined;
  /** Renews the lease. */
  #repeater: Repeater | undefined;
  #subjects: RunSubjects | undefined;

  constructor(
    private readonly options: RunMeshOptions,
    private readonly subscriber: Subscriber<PlayedEvent>,
  ) {}

  async begin(): Promise<void> {
    const { mesh, config, deps, drain } = this.options;
    this.#work.add(drain?.subscribe(this.#drain));
    const bus = await mesh.connect();
    this.#bus = bus;
    if (this.#work.closed) return this.end();
    const origin = this.options.origin;
    const made = await makeBundle(config, origin, { cwd: mesh.cwd, more: mesh.files });
    this.#repeater = bus.repeat({ everyMs: RENEW_EVERY_MS, patienceMs: PATIENCE_MS });
    if (mesh.resume !== undefined) return this.#resume(bus, mesh.resume, made);
    const run = newRunId(deps.scheduler.now());
    const subjects = subjectsOf(mesh.group).of(run);
    this.#subjects = subjects;
    this.#work.add(this.#drain.subscribe(() => this.#stopped.next()));
    this.#listen(bus, subjects);
    this.#work.add(serveClock(bus, subjects, deps.scheduler));
    const ready = await this.#gather(bus, run, subjects, made);
    const { threads, seed = anySeed() } = this.options;
    const workers = ready.map(({ worker, host }, i): Assignment => {
      const shares = Array.from({ length: threads }, (_, thread) => i + thread * ready.length);
      return { worker, host, shares };
    });
    const plan: RunPlan = {
      ...{ type: 'plan', run, version: mesh.version, seed, leaseMs: mesh.leaseMs, threads, workers },
      ...{ bundle: made.bundle, at: deps.scheduler.now() },
    };
    await bus.append(subjects.plan, `${run}:plan`, packed(plan));
    const worst = Math.max(...ready.map(({ uncertaintyMs }) => uncertaintyMs));
    this.#play(bus, plan, Math.max(ORDER_MS, worst * 20));
  }

  /** Ends the lease and the connection. */
  async end(): Promise<void> {
    this.#work.unsubscribe();
    await this.#links?.end();
    this.#repeater?.close();
    if (this.#subjects !== undefined) {
      const lease: Lease = {
        type: 'lease',
        phase: 'ended',
        at: this.options.deps.scheduler.now(),
        shares: [],
        sent: [],
      };
      this.#bus?.publish(this.#subjects.lease, packed(lease));
    }
    await this.#bus?.close();
  }

  #listen(bus: Bus, subjects: RunSubjects): void {
    this.#work.add(
      bus.subscribe(subjects.stop).subscribe(({ data }) => {
        if (unpacked(data, STOP) === undefined) return;
        this.options.deps.log.warn('stops, as elpis mesh stop has asked');
        this.#drain.next(STOP_MS);
      }),
    );
  }

  async #gather(bus: Bus, run: string, subjects: RunSubjects, made: MadeBundle): Promise<readonly ReadyWorker[]> {
    const { mesh, deps, threads } = this.options;
    const { log, scheduler } = deps;
    const { bundle, bytes } = made;
    log.info(`run ${run}: ${bundle.files.length} files, ${megabytes(bytes)}, for ${mesh.workers} workers`, { run });
    const sent = await sendBundle(made, bus.files);
    if (sent > 0) log.info(`${megabytes(sent)} of files were sent; the rest was there`, { run });
    const message = { type: 'lease', phase: 'gathering', shares: [], sent: [] };
    const renewing = interval(RENEW_EVERY_MS, scheduler)
      .pipe(startWith(0))
      .subscribe(() => this.#repeater?.set([{ subject: subjects.lease, message }]));
    this.#work.add(renewing);
    try {
      const gathered = gatherWorkers({
        ...{ bus, group: mesh.group, version: mesh.version, scheduler, log },
        ...{ workers: mesh.workers, minWorkers: mesh.minWorkers, deadlineMs: mesh.deadlineMs },
        invitation: { type: 'invite', run, bundle, leaseMs: mesh.leaseMs, threads, workers: mesh.workers },
      });
      const broken = bus.ended.pipe(mergeMap((error) => throwError(() => error)));
      return await firstValueFrom(merge(gathered, broken).pipe(takeUntil(this.#stopped)));
    } catch (error) {
      if ((error as Error).name === 'EmptyError')
        throw new ElpisError('ELPIS_MESH', 'the run was stopped before its workers were ready');
      throw error;
    } finally {
      renewing.unsubscribe();
    }
  }

  async #resume(bus: Bus, run: string, { bundle }: MadeBundle): Promise<void> {
    const { mesh, deps } = this.options;
    const subjects = subjectsOf(mesh.group).of(run);
    await ensureLeft(bus, subjects, run, deps.scheduler);
    const plan = await planOf(bus, subjects, { run, group: mesh.group, bundle, version: mesh.version });
    const shares = plan.workers.flatMap((each) => each.shares);
    const sent = await sentIn(bus, subjects, shares, deps.scheduler);
    this.#subjects = subjects;
    deps.log.info(`resumes the run ${run} of ${plan.workers.length} workers`, { run });
    this.#work.add(serveClock(bus, subjects, deps.scheduler));
    this.#listen(bus, subjects);
    this.#play(bus, plan, ORDER_MS, sent);
  }

  #play(bus: Bus, plan: RunPlan, orderMs: Millis, sentBefore?: ReadonlyMap<number, SentBefore>): void {
    const repeater = this.#repeater;
    if (this.#work.closed || repeater === undefined) return;
    const { mesh, config: _config, threads: _threads, deps, ...run } = this.options;
    const links = new MeshLinks({
      ...{ bus, run: plan.run, subjects: subjectsOf(mesh.group).of(plan.run), assignments: plan.workers },
      ...{ leaseMs: plan.leaseMs, scheduler: deps.scheduler, repeater, log: deps.log },
      ...(sentBefore === undefined ? {} : { sentBefore }),
    });
    this.#links = links;
    this.#work.add(bus.ended.subscribe((error) => links.fail(error)));
    this.#work.add(
      coordinate(links.links, {
        ...{ ...run, origin: plan.bundle.origin, seed: plan.seed, deps, noun: 'share', orderMs },
        workerOf: (share) => links.workerOf(share),
        readingOf: (worker) => links.readingOf(worker),
        onLostShare: mesh.onLostWorker,
        silentAfterLossMs: plan.leaseMs,
        addShare: () => links.add(),
        drain: this.#drain,
        createSink: (name) => {
          throw new ElpisError('ELPIS_SINK', `the sink ${name} belongs to a worker`);
        },
      }).subscribe({
        next: (event) => this.subscriber.next(event),
        error: (error: unknown) => void this.end().finally(() => this.subscriber.error(error)),
        complete: () => void this.end().finally(() => this.subscriber.complete()),
      }),
    );
    links.begin();
  }
}

/**
 * Runs a config on several machines: invites workers of a group, sends them what the config names, and coordinates their shares
 * as those of threads.
 *
 * - The union of the shares is the run of one process. Results are written by each worker; the events, and so the summary, are
 *   those of the whole run.
 * - Errors with `ELPIS_MESH` when too few workers are ready at the deadline, with the reason of each.
 * - All messages of the shares are in a journal, so a coordinator that has died can be started again with `resume`.
 *
 * @see {@link coordinate}
 */
export function runMesh(options: RunMeshOptions): Observable<PlayedEvent> {
  return new Observable<PlayedEvent>((subscriber) => {
    const session = new MeshSession(options, subscriber);
    subscriber.add(() => void session.end());
    session.begin().catch((error: unknown) => {
      const failure = withContext(error, {}, { code: 'ELPIS_MESH', what: 'the run on several machines failed' });
      void session.end().finally(() => subscriber.error(failure));
    });
  });
}
