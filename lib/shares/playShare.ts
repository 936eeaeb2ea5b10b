import {
  defer,
  interval,
  mergeMap,
  Observable,
  type ObservableInput,
  ReplaySubject,
  Subject,
  Subscription,
  tap,
} from 'rxjs';
import type { Command } from '../../operators/ticks/command.js';
import { assemblePools } from '../config/assemblePools.js';
import type { Config } from '../config/config.js';
import { defined } from '../core/defined.js';
import type { Deps, Log, Random, Share } from '../core/deps.js';
import { ElpisError } from '../core/errors.js';
import { packError } from '../core/packedError.js';
import type { EpochMs, Millis } from '../core/units.js';
import type { PoolEvent } from '../engine/runEvent.js';
import { runPools } from '../engine/runPools.js';
import type { Window } from '../measure/window.js';
import type { Registry } from '../plugin/registry.js';
import { located } from '../plugin/userPlace.js';
import { seededRandom } from '../time/seededRandom.js';
import { LinkSinks, shareRegistry } from './linkSinks.js';
import { Outbox } from './outbox.js';
import {
  type ConfigOrigin,
  type CoordinatorLink,
  PROTOCOL_VERSION,
  type ShareCounters,
  type ShareTask,
  type ToShare,
} from './protocol.js';

/** The interval of the messages that show that a share is alive. */
const ALIVE_EVERY_MS: Millis = 1000;

/** Spreads neighbouring shares over all seeds. */
const GOLDEN = 0x9e3779b9;

/** Options of {@link playShare}. */
export interface PlayShareOptions {
  /** The coordinator supplies the share, the random numbers and the log. */
  readonly deps: Omit<Deps, 'share' | 'random' | 'log'>;
  /** The components that a config can select; those of kind `sink` are replaced by sinks that write over the link. */
  readonly registry: Registry;
  /** Reads the config with these components. */
  readonly load: (origin: ConfigOrigin, registry: Registry) => ObservableInput<Config>;
  /** Uncaught failures, each of which ends the share. Default: none. */
  readonly uncaught?: Observable<ElpisError>;
  /** The processors that this thread or process has used since the last call. Default: it is not known. */
  readonly cpu?: () => number;
}

/**
 * The random numbers of a share. While its pools are made, all shares draw the same ones, so that a seed which a
 * component draws then is the same in every share. Later each share draws its own numbers.
 */
class ShareRandom {
  #draw: Random;

  constructor(
    private readonly seed: number,
    private readonly share: Share,
  ) {
    this.#draw = seededRandom(seed);
  }

  readonly random: Random = () => this.#draw();

  /** Share 0 continues with the same numbers, as a run without shares does. */
  separate(): void {
    if (this.share.index > 0) this.#draw = seededRandom(this.seed ^ Math.imul(this.share.index, GOLDEN));
  }
}

/** One share from its task to its last message. */
class SharePlayer {
  /** The run, the timer that shows that the share is alive, and orders that are not due. */
  readonly work = new Subscription();
  readonly #sinks: LinkSinks;
  readonly #outbox: Outbox;
  readonly #drain = new ReplaySubject<Millis>(1);
  readonly #start = new ReplaySubject<void>(1);
  readonly #commands = new Map<string, Subject<Command>>();
  readonly #stops = new Map<string, ReplaySubject<Millis>>();
  #startAt: EpochMs | undefined;

  /** @param ended Called once, after the last message. */
  constructor(
    private readonly link: CoordinatorLink,
    private readonly options: PlayShareOptions,
    private readonly ended: () => void,
  ) {
    this.#sinks = new LinkSinks((message) => link.send(message), options.deps.scheduler);
    this.#outbox = new Outbox(
      (message) => link.send(message),
      (limit) => this.#fail(new ElpisError('ELPIS_SHARE', `the coordinator has not received ${limit} events`)),
    );
  }

  handle(message: ToShare): void {
    switch (message.type) {
      case 'task':
        this.#join(message.version, message.task);
        break;
      case 'start':
        this.#begin(message.at);
        break;
      case 'drain':
        this.#drain.next(message.limitMs);
        break;
      case 'control':
        this.#at(message.at, () => this.#commandsOf(message.pool).next(message.command));
        break;
      case 'stop':
        this.#at(message.at, () => this.#stopsOf(message.pool).next(0));
        break;
      case 'received':
        this.#outbox.received(message.messages);
        break;
      case 'sink-ack':
        this.#sinks.acknowledge(message);
        break;
    }
  }

  /** An uncaught failure. The coordinator then drains all shares, including this one. */
  failing(error: ElpisError): void {
    this.link.send({ type: 'failing', error: packError(located(error)) });
  }

  #join(version: number, task: ShareTask): void {
    if (version !== PROTOCOL_VERSION) {
      const message = `the coordinator has version ${version} of the protocol, this share has version ${PROTOCOL_VERSION}`;
      this.#fail(new ElpisError('ELPIS_SHARE', message, { hint: 'use the same version of Elpis for all shares' }));
      return;
    }
    this.#outbox.limit(task.credit);
    this.link.send({ type: 'joined', version: PROTOCOL_VERSION });
    this.work.add(
      interval(ALIVE_EVERY_MS, this.options.deps.scheduler).subscribe(() =>
        this.link.send({ type: 'alive', ...defined({ cpu: this.options.cpu?.() }) }),
      ),
    );
    const { load, registry } = this.options;
    this.work.add(
      defer(() => load(task.origin, shareRegistry(registry, this.#sinks)))
        .pipe(mergeMap((config) => this.#play(config, task)))
        .subscribe({
          next: (event) => this.#outbox.post({ type: 'event', event }),
          error: (error: unknown) => this.#fail(error),
          complete: () => this.#outbox.end({ type: 'finished', counters: this.#counters }, this.ended),
        }),
    );
  }

  #play({ pools, keepExchanges }: Config, task: ShareTask): Observable<PoolEvent> {
    const { share, seed, controlled, progressEveryMs, from } = task;
    const chance = new ShareRandom(seed, share);
    const log = this.#log(share);
    const deps: Deps = { ...this.options.deps, log, share, random: chance.random };
    const made = assemblePools(pools, deps, { startAt: () => this.#startAt, keepExchanges, ...defined({ from }) });
    chance.separate();
    const missing = pools.map(({ id }) => id);
    if (missing.length === 0) this.#outbox.post({ type: 'ready', pool: undefined, missing: [] });
    const barrier = (pool: string): Observable<void> => {
      missing.splice(missing.indexOf(pool), 1);
      this.#outbox.post({ type: 'ready', pool, missing: [...missing] });
      return this.#start.pipe(tap(() => this.#logLateStart(log)));
    };
    return runPools(made, {
      scheduler: deps.scheduler,
      drain: this.#drain,
      barrier,
      log,
      poolDrain: (pool) => this.#stopsOf(pool),
      conditions: (pool, position) => {
        const post = (window: Window | undefined): void =>
          this.#outbox.post({ type: 'condition', pool, position, window });
        return { next: post, complete: () => post(undefined) };
      },
      ...(controlled ? { control: (pool) => this.#commandsOf(pool) } : {}),
      ...defined({ progressEveryMs }),
    });
  }

  #begin(at: EpochMs): void {
    this.#startAt = at;
    this.#start.next();
  }

  #logLateStart(log: Log): void {
    const lateMs = this.options.deps.scheduler.now() - (this.#startAt ?? 0);
    if (lateMs > 0) log.info(`the order to start arrived ${lateMs.toFixed(1)} ms after the start`, { lateMs });
  }

  #commandsOf(pool: string): Subject<Command> {
    const known = this.#commands.get(pool) ?? new Subject<Command>();
    this.#commands.set(pool, known);
    return known;
  }

  #stopsOf(pool: string): ReplaySubject<Millis> {
    const known = this.#stops.get(pool) ?? new ReplaySubject<Millis>(1);
    this.#stops.set(pool, known);
    return known;
  }

  /** Executes an order at its time, or immediately when that time has passed. */
  #at(at: EpochMs, follow: () => void): void {
    const { scheduler } = this.options.deps;
    const waitMs = at - scheduler.now();
    if (waitMs > 0) this.work.add(scheduler.schedule(follow, waitMs));
    else follow();
  }

  #log({ index }: Share): Log {
    const line =
      (level: keyof Log): Log['warn'] =>
      (message, fields = {}) => {
        const plain = JSON.parse(JSON.stringify(fields)) as object;
        this.#outbox.post({ type: 'log', level, message, fields: { thread: index, ...plain } });
      };
    return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };
  }

  get #counters(): ShareCounters {
    return { ...this.#outbox.counters, longestSinkWaitMs: this.#sinks.longestWaitMs };
  }

  #fail(error: unknown): void {
    const packed = packError(located(error));
    this.#outbox.end({ type: 'failed', error: packed, counters: this.#counters }, this.ended);
  }
}

/**
 * Plays a share of a run for the coordinator at the other end of the link, by the protocol of docs/SHARES.md: waits for the
 * task, warms up, starts at the common time, sends events, log and results, and ends with one last message,
 * `finished` or `failed`.
 *
 * - Emits nothing. Completes after the last message, or when the other end closes or loses the link: the run is then
 *   aborted.
 * - Failures are messages to the coordinator, never errors of this stream.
 * - The link is closed once, on every way out. Unsubscribing aborts the run.
 *
 * @see {@link coordinate} for the other end.
 */
export function playShare(link: CoordinatorLink, options: PlayShareOptions): Observable<never> {
  return new Observable<never>((subscriber) => {
    const player = new SharePlayer(link, options, () => subscriber.complete());
    subscriber.add(() => link.close());
    subscriber.add(player.work);
    subscriber.add(options.uncaught?.subscribe((error) => player.failing(error)));
    subscriber.add(
      link.messages.subscribe({
        next: (message) => player.handle(message),
        error: () => subscriber.complete(),
        complete: () => subscriber.complete(),
      }),
    );
  });
}
