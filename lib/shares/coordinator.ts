import { interval, type Subscriber } from 'rxjs';
import { defined } from '../core/defined.js';
import { combineErrors, withContext } from '../core/errorContext.js';
import type { ElpisError } from '../core/errors.js';
import { unpackError } from '../core/packedError.js';
import type { EpochMs, Millis } from '../core/units.js';
import type { PoolCondition } from '../engine/conditions.js';
import { type FinalReport, finalsOf, withTotals } from '../engine/droppedSamples.js';
import type { PlayedEvent, PoolEvent } from '../engine/runEvent.js';
import { GRACE_AFTER_FAILURE_MS } from '../engine/runPools.js';
import { controlOrders, drainOrders } from './controlOrders.js';
import { LostShares, type TakenPlace } from './lostShares.js';
import { MergedEvents } from './mergedEvents.js';
import { type FromShare, PROTOCOL_VERSION, type ShareLink, type ToShare } from './protocol.js';
import { RemoteShare } from './remoteShare.js';
import { SharedConditions } from './sharedConditions.js';
import type { SharedRun } from './sharedRun.js';
import { SinkHub } from './sinkHub.js';
import { workerStates } from './workerTable.js';

/** The default of `orderMs`, for threads. */
const ORDER_MS: Millis = 20;

const FIVE_MINUTES: Millis = 300_000;

const ONE_MINUTE: Millis = 60_000;

/** So many workers are reported in a second: the workers of a larger run are reported less often. */
const WORKERS_PER_SECOND = 50;

/** One run of `coordinate`, from the tasks of its shares to its result. */
export class Coordinator {
  readonly #shares: RemoteShare[];
  readonly #lost: LostShares;
  readonly #failures: ElpisError[] = [];
  readonly #finals: FinalReport[] = [];
  readonly #merged: MergedEvents;
  readonly #conditions: SharedConditions;
  readonly #hub: SinkHub;
  readonly #credit: number;
  readonly #seed: number;
  readonly #orderMs: Millis;
  /** Pools that a condition has ended. */
  readonly #stopped = new Set<string>();
  /** The common start, when it is ordered. */
  #startAt: EpochMs | undefined;
  /** The time from a command to its execution by all shares, in milliseconds. */
  #commandsAfterMs: Millis = 0;

  constructor(
    links: readonly ShareLink[],
    private readonly run: SharedRun,
    private readonly subscriber: Subscriber<PlayedEvent>,
  ) {
    this.#credit = run.credit ?? 256;
    this.#orderMs = run.orderMs ?? ORDER_MS;
    this.#seed = run.seed ?? Math.floor(run.deps.scheduler.now() * 1000);
    this.#merged = new MergedEvents(links.length);
    this.#conditions = new SharedConditions(run.conditions ?? [], links.length, {
      stopped: (condition, reason, source) => this.#stopPool(condition, reason, source),
      missingTags: ({ pool }, tags) =>
        run.deps.log.warn(`a condition names tags that no sample had: ${tags.join(', ')}`, { pool, tags }),
      failed: (error) => this.#fail(error),
    });
    this.#hub = new SinkHub(links.length, run.createSink, run.deps.scheduler);
    this.#lost = new LostShares(run);
    this.#shares = links.map((link, index) => this.#remote(link, { share: { index, of: links.length }, id: index }));
  }

  begin(): void {
    const { subscriber } = this;
    const { deps, readyWithinMs = FIVE_MINUTES, drain } = this.run;
    subscriber.add(() => this.#abort());
    for (const share of this.#shares) this.#listen(share);
    subscriber.add(deps.scheduler.schedule(() => this.#giveUpLate(readyWithinMs), readyWithinMs));
    subscriber.add(
      interval(1000, deps.scheduler).subscribe((second) => {
        this.#giveUpSilent();
        if (second % Math.ceil(this.#shares.length / WORKERS_PER_SECOND) === 0) this.#report();
      }),
    );
    subscriber.add(drainOrders(drain, (error) => this.#fail(error)).subscribe((order) => this.#order(order)));
    this.#report();
    for (const share of this.#shares) this.#sendTask(share);
  }

  #remote(link: ShareLink, place: Pick<RemoteShare, 'share' | 'id'> & { readonly from?: EpochMs }): RemoteShare {
    return new RemoteShare(link, place, { ...this.run, credit: this.#credit });
  }

  #listen(share: RemoteShare): void {
    this.subscriber.add(
      share.link.messages.subscribe({
        next: (message) => this.#guarded(share, () => this.#handle(share, message)),
        error: (cause: unknown) => this.#lose(share, share.lost(cause)),
        complete: () => this.#lose(share, share.lost()),
      }),
    );
  }

  #sendTask(share: RemoteShare): void {
    const { origin, control, progressEveryMs } = this.run;
    const task = { origin, controlled: control !== undefined, seed: this.#seed, credit: this.#credit };
    share.sendTask({ ...task, ...defined({ progressEveryMs }) });
  }

  #handle(share: RemoteShare, message: FromShare): void {
    if (share.phase === 'ended') return;
    const { id } = share;
    if (this.#hub.serve(id, message, share.acknowledge)) return;
    share.receive(message);
    switch (message.type) {
      case 'joined':
        if (message.version !== PROTOCOL_VERSION) this.#failAndEnd(share, share.otherVersion(message.version));
        break;
      case 'ready':
        this.#startWhenReady();
        break;
      case 'event':
        this.#lost.count(share, message.event);
        this.#emit(this.#merged.add(id, message.event));
        break;
      case 'condition':
        this.#conditions.add(id, message);
        break;
      case 'log':
        this.run.deps.log[message.level](message.message, message.fields);
        break;
      case 'failing':
        this.#fail(unpackError(message.error), share);
        break;
      case 'failed':
        share.setCounters(message.counters, this.run.deps.log);
        this.#failAndEnd(share, unpackError(message.error));
        break;
      case 'finished':
        share.setCounters(message.counters, this.run.deps.log);
        if (share.unfinished.size > 0) this.#failAndEnd(share, share.finishedTooEarly());
        else this.#end(share);
        break;
    }
  }

  #startWhenReady(): void {
    const { scheduler } = this.run.deps;
    const present = this.#shares.filter(({ phase }) => phase !== 'ended');
    if (this.#failures.length > 0) return;
    if (this.#startAt !== undefined) {
      for (const share of present) if (share.phase === 'ready') this.#startLater(share, this.#startAt);
      return;
    }
    if (present.some(({ phase }) => phase !== 'ready')) return;
    this.#startAt = scheduler.now() + this.#orderMs;
    // A command that was given at once is executed before the first shot.
    this.subscriber.add(
      controlOrders(this.run, { afterMs: () => this.#commandsAfterMs, failed: (error) => this.#fail(error) }).subscribe(
        (order) => {
          this.#lost.steered = true;
          this.#order(order);
        },
      ),
    );
    for (const share of present) share.phase = 'running';
    this.#order({ type: 'start', at: this.#startAt });
    this.#commandsAfterMs = this.#orderMs;
  }

  /** Starts a share that has taken over operations of a lost one. */
  #startLater(share: RemoteShare, at: EpochMs): void {
    share.phase = 'running';
    share.link.send({ type: 'start', at });
    for (const pool of this.#stopped) share.link.send({ type: 'stop', pool, at: this.run.deps.scheduler.now() });
  }

  #giveUpLate(withinMs: Millis): void {
    const late = this.#shares.filter(({ phase }) => phase === 'joining' || phase === 'preparing');
    // The first failure ends the warm-up of the others, so all reasons are read first.
    const reasons = late.map((share) => share.late(withinMs));
    for (const [i, share] of late.entries()) this.#fail(reasons[i] as ElpisError, share);
    for (const share of late) this.#end(share);
  }

  /** Counts its own timer events, so that a pause of the coordinator's process counts as one second. */
  #giveUpSilent(): void {
    const { lostAfterMs = ONE_MINUTE, deps } = this.run;
    for (const share of this.#shares) {
      const error = share.phase === 'running' ? share.countSilence(lostAfterMs, deps.log) : undefined;
      if (error !== undefined) this.#lose(share, error);
    }
  }

  #stopPool({ pool }: PoolCondition, reason: string, source: 'unsubscribe' | 'drain'): void {
    const now = this.run.deps.scheduler.now();
    this.#emit([{ type: 'pool-stopped', pool, at: now, reason }]);
    this.#stopped.add(pool);
    if (source === 'unsubscribe') this.#order({ type: 'stop', pool, at: now + this.#orderMs });
  }

  /** Ends a share that is gone: with the run, or without, by the policy of the run. */
  #lose(share: RemoteShare, error: ElpisError): void {
    if (share.phase === 'ended') return;
    share.isLost = true;
    const { deps, onLostShare = 'fail' } = this.run;
    const left = this.#shares.filter((each) => each !== share && each.phase === 'running').length;
    const started = this.#startAt;
    if (onLostShare === 'fail' || started === undefined || left === 0 || this.#failures.length > 0) {
      this.#failAndEnd(share, error);
      return;
    }
    const plan = this.#lost.lose(share, { now: deps.scheduler.now(), started, left, reason: error.message });
    deps.log.warn(`${error.message}; ${plan.text}`, { thread: share.id });
    this.#emit([...plan.events, ...this.#merged.end(share.id, deps.scheduler.now())]);
    for (const place of plan.places) this.#take(place);
    this.#end(share);
    this.#report();
  }

  /** Gives operations of a lost share to a new one. */
  #take(place: TakenPlace): void {
    const link = this.run.addShare?.();
    if (link === undefined) return;
    const share = this.#remote(link, { ...place, id: this.#shares.length });
    this.#shares.push(share);
    this.#merged.grow();
    this.#conditions.grow();
    this.#listen(share);
    this.#sendTask(share);
  }

  /** The other shares stop shooting, finish the shots under way, and flush. */
  #fail(error: ElpisError, share?: RemoteShare): void {
    this.#failures.push(withContext(error, { thread: share?.id }));
    this.#order({ type: 'drain', limitMs: GRACE_AFTER_FAILURE_MS });
  }

  #failAndEnd(share: RemoteShare, error: ElpisError): void {
    if (share.phase === 'ended') return;
    this.#fail(error, share);
    this.#end(share);
  }

  /** Concludes the run when this was the last share, even if the share has left sinks or pools open. */
  #end(share: RemoteShare): void {
    if (share.phase === 'ended') return;
    share.end();
    this.#conditions.end(share.id);
    if (this.#shares.every(({ phase }) => phase === 'ended')) this.#conclude();
    else this.#startWhenReady();
  }

  #conclude(): void {
    const { subscriber } = this;
    this.#emit(this.#merged.rest(this.run.deps.scheduler.now()));
    this.#report();
    void this.#hub.close().then((unwritten) => {
      const failure = combineErrors([...withTotals(this.#failures, this.#finals), ...unwritten]);
      if (failure === undefined) subscriber.complete();
      else subscriber.error(failure);
    });
  }

  #abort(): void {
    for (const share of this.#shares) share.end();
    void this.#hub.close();
  }

  /** A message against the protocol ends that share. */
  #guarded(share: RemoteShare, handle: () => void): void {
    try {
      handle();
    } catch (error) {
      this.#failAndEnd(share, withContext(error));
    }
  }

  #order(message: ToShare): void {
    for (const { phase, link } of this.#shares) if (phase !== 'ended') link.send(message);
  }

  /** Reports the workers. */
  #report(): void {
    const workers = workerStates(this.#shares, this.run);
    this.subscriber.next({ type: 'workers', at: this.run.deps.scheduler.now(), workers });
  }

  #emit(events: readonly PoolEvent[]): void {
    this.#finals.push(...finalsOf(events));
    for (const event of events) this.subscriber.next(event);
  }
}
