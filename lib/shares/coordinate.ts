import { defer, interval, map, Observable, type Subscriber } from 'rxjs';
import { type Command, command } from '../../operators/ticks/command.js';
import type { DataSink } from '../core/data.js';
import { defined } from '../core/defined.js';
import type { Deps } from '../core/deps.js';
import { combineErrors, withContext } from '../core/errorContext.js';
import type { ElpisError } from '../core/errors.js';
import { unpackError } from '../core/packedError.js';
import type { Millis } from '../core/units.js';
import type { PoolCondition } from '../engine/conditions.js';
import { type FinalReport, finalsOf, withTotals } from '../engine/droppedSamples.js';
import type { PoolEvent } from '../engine/runEvent.js';
import { GRACE_AFTER_FAILURE_MS } from '../engine/runPools.js';
import { MergedEvents } from './mergedEvents.js';
import { type ConfigOrigin, type FromShare, PROTOCOL_VERSION, type ShareLink, type ToShare } from './protocol.js';
import { RemoteShare } from './remoteShare.js';
import { SharedConditions } from './sharedConditions.js';
import { SinkHub } from './sinkHub.js';

/** The default of `orderMs`, for threads. */
const ORDER_MS: Millis = 20;

const FIVE_MINUTES: Millis = 300_000;

const ONE_MINUTE: Millis = 60_000;

/** A share that has sent nothing for this long is reported. */
const REPORTED_AFTER_S = 10;

/** Options of {@link coordinate}. */
export interface SharedRun {
  readonly origin: ConfigOrigin;
  /** The word for a share in messages. Default `share`. */
  readonly noun?: string | undefined;
  /** The names of who plays each share, for messages. Default: none. */
  readonly players?: readonly string[] | undefined;
  /** The time from an order to its execution, in milliseconds: long enough for it to arrive at every share. Default 20. */
  readonly orderMs?: Millis | undefined;
  /** The ids of its pools. */
  readonly pools: readonly string[];
  readonly deps: Pick<Deps, 'scheduler' | 'log'>;
  /** Makes the real sink of a component and its options. */
  readonly createSink: (name: string, config: unknown) => DataSink;
  /** As for `runPools`. */
  readonly drain?: Observable<Millis> | undefined;
  /** As for `runPools`. Every share executes a command at the same time, 20 ms after it was received. */
  readonly control?: ((pool: string) => Observable<Command>) | undefined;
  /** Seed of the run's random numbers. Default: from the time. */
  readonly seed?: number | undefined;
  /** As for `runPools`. */
  readonly progressEveryMs?: Millis | undefined;
  /** The longest time for the shares to read the config and to warm up, in milliseconds. Default 300,000. */
  readonly readyWithinMs?: Millis | undefined;
  /** The conditions that may stop its pools. They judge the windows of all shares, merged. Default: none. */
  readonly conditions?: readonly PoolCondition[] | undefined;
  /** A running share that sends nothing for this long, in milliseconds, is given up. Default 60,000; at least 2000. */
  readonly lostAfterMs?: Millis | undefined;
  /** Events, windows and lines of the log that a share may send before they are received. At least 1. Default 256. */
  readonly credit?: number | undefined;
}

class Coordinator {
  readonly #shares: readonly RemoteShare[];
  readonly #failures: ElpisError[] = [];
  readonly #finals: FinalReport[] = [];
  readonly #merged: MergedEvents;
  readonly #conditions: SharedConditions;
  readonly #hub: SinkHub;
  readonly #credit: number;
  #started = false;
  /** The time from a command to its execution by all shares, in milliseconds. */
  #commandsAfterMs: Millis = 0;

  constructor(
    links: readonly ShareLink[],
    private readonly run: SharedRun,
    private readonly subscriber: Subscriber<PoolEvent>,
  ) {
    this.#credit = run.credit ?? 256;
    this.#merged = new MergedEvents(links.length);
    this.#conditions = new SharedConditions(run.conditions ?? [], links.length, {
      stopped: (condition, reason, source) => this.#stopPool(condition, reason, source),
      missingTags: ({ pool }, tags) =>
        run.deps.log.warn(`a condition names tags that no sample had: ${tags.join(', ')}`, { pool, tags }),
      failed: (error) => this.#fail(error),
    });
    this.#hub = new SinkHub(links.length, run.createSink, run.deps.scheduler);
    this.#shares = links.map(
      (link, index) => new RemoteShare(link, { index, of: links.length }, { ...run, credit: this.#credit }),
    );
  }

  get #orderMs(): Millis {
    return this.run.orderMs ?? ORDER_MS;
  }

  begin(): void {
    const { subscriber } = this;
    const { deps, readyWithinMs = FIVE_MINUTES, drain } = this.run;
    subscriber.add(() => this.#abort());
    for (const share of this.#shares) {
      subscriber.add(
        share.link.messages.subscribe({
          next: (message) => this.#guarded(share, () => this.#handle(share, message)),
          error: (cause: unknown) => this.#failAndEnd(share, share.lost(cause)),
          complete: () => this.#failAndEnd(share, share.lost()),
        }),
      );
    }
    subscriber.add(deps.scheduler.schedule(() => this.#giveUpLate(readyWithinMs), readyWithinMs));
    subscriber.add(interval(1000, deps.scheduler).subscribe(() => this.#giveUpSilent()));
    subscriber.add(
      drain?.subscribe({
        next: (limitMs) => this.#order({ type: 'drain', limitMs }),
        error: (error: unknown) =>
          this.#fail(withContext(error, {}, { code: 'ELPIS_CONTROL', what: 'the drain failed' })),
      }),
    );
    this.#sendTasks();
  }

  #sendTasks(): void {
    const { origin, deps, seed = Math.floor(deps.scheduler.now() * 1000), control, progressEveryMs } = this.run;
    for (const { share, link } of this.#shares) {
      link.send({
        type: 'task',
        version: PROTOCOL_VERSION,
        task: {
          ...{ origin, share, seed, controlled: control !== undefined, credit: this.#credit },
          ...defined({ progressEveryMs }),
        },
      });
    }
  }

  #handle(share: RemoteShare, message: FromShare): void {
    if (share.phase === 'ended') return;
    const { index } = share.share;
    if (this.#hub.serve(index, message, share.acknowledge)) return;
    share.receive(message);
    switch (message.type) {
      case 'joined':
        if (message.version !== PROTOCOL_VERSION) this.#failAndEnd(share, share.otherVersion(message.version));
        break;
      case 'ready':
        this.#startWhenReady();
        break;
      case 'event':
        this.#emit(this.#merged.add(index, message.event));
        break;
      case 'condition':
        this.#conditions.add(index, message);
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
    if (this.#started || this.#failures.length > 0 || present.some(({ phase }) => phase !== 'ready')) return;
    this.#started = true;
    // A command that was given at once is executed before the first shot.
    this.#followCommands();
    for (const share of present) share.phase = 'running';
    this.#order({ type: 'start', at: scheduler.now() + this.#orderMs });
    this.#commandsAfterMs = this.#orderMs;
  }

  #followCommands(): void {
    const { control, pools, deps } = this.run;
    if (control === undefined) return;
    for (const pool of pools) {
      this.subscriber.add(
        defer(() => control(pool))
          .pipe(map(command.check))
          .subscribe({
            next: (order) => {
              const at = deps.scheduler.now() + this.#commandsAfterMs;
              this.#order({ type: 'control', pool, command: order, at });
            },
            error: (error: unknown) =>
              this.#fail(withContext(error, { pool }, { code: 'ELPIS_CONTROL', what: 'the commands failed' })),
          }),
      );
    }
  }

  #giveUpLate(withinMs: Millis): void {
    const late = this.#shares.filter(({ phase }) => phase === 'joining' || phase === 'preparing');
    // The first failure ends the warm-up of the others, so all reasons are read first.
    const reasons = late.map((share) => [share, share.late(withinMs)] as const);
    for (const [share, error] of reasons) this.#fail(error, share);
    for (const share of late) this.#end(share);
  }

  /** Counts its own timer events, so that a pause of the coordinator's process counts as one second. */
  #giveUpSilent(): void {
    const { lostAfterMs = ONE_MINUTE, deps } = this.run;
    for (const share of this.#shares) {
      if (share.phase !== 'running') continue;
      const seconds = share.countSilence();
      if (seconds * 1000 >= lostAfterMs) this.#failAndEnd(share, share.silent(seconds));
      else if (seconds === REPORTED_AFTER_S) deps.log.warn(share.silence(seconds), { thread: share.share.index });
    }
  }

  #stopPool({ pool }: PoolCondition, reason: string, source: 'unsubscribe' | 'drain'): void {
    const now = this.run.deps.scheduler.now();
    this.#emit([{ type: 'pool-stopped', pool, at: now, reason }]);
    if (source === 'unsubscribe') this.#order({ type: 'stop', pool, at: now + this.#orderMs });
  }

  /** The other shares stop shooting, finish the shots under way, and flush. */
  #fail(error: ElpisError, share?: RemoteShare): void {
    this.#failures.push(withContext(error, { thread: share?.share.index }));
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
    this.#conditions.end(share.share.index);
    if (this.#shares.every(({ phase }) => phase === 'ended')) this.#conclude();
    else this.#startWhenReady();
  }

  #conclude(): void {
    const { subscriber } = this;
    this.#emit(this.#merged.rest(this.run.deps.scheduler.now()));
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

  #emit(events: readonly PoolEvent[]): void {
    this.#finals.push(...finalsOf(events));
    for (const event of events) this.subscriber.next(event);
  }
}

/**
 * Coordinates the shares of a run, one at the other end of each link, by the protocol of docs/SHARES.md: sends each
 * its task, starts all at the same time when all are ready, merges their events, writes their results to one set of
 * sinks, and forwards drains and commands.
 *
 * ```text
 * share 0            --j--r---------e--e--f
 * share 1            ---j-----r-----e--e--f        j: joined, r: ready, e: event, f: finished
 * orders              t--------s                   t: task, s: start
 * coordinate(...)    ---------------e--e--|
 * ```
 *
 * - Completes when every share has finished and every sink is closed.
 * - A share that fails, breaks the protocol, or closes its link before its last message ends the run: the others
 *   finish the shots under way (up to 3 s) and flush, and then the stream errors, with the index of the share in
 *   `thread`. The error has its code from the share, or `ELPIS_SHARE` and names what is missing.
 * - Shares that are not ready in time are given up, each with the reason. A running share that sends nothing is given
 *   up after 60 s, with a warning at 10 s.
 * - Conditions judge the windows of all shares, merged. When one holds, all shares stop that pool at the same time, 20 ms later.
 * - Every link is closed once, on every way out. Unsubscribing aborts everything.
 *
 * @see {@link playShare} for the other end.
 */
export function coordinate(links: readonly ShareLink[], run: SharedRun): Observable<PoolEvent> {
  return new Observable<PoolEvent>((subscriber) => new Coordinator(links, run, subscriber).begin());
}
