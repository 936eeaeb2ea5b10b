import {
  catchError,
  concat,
  defer,
  EMPTY,
  finalize,
  ignoreElements,
  interval,
  map,
  merge,
  NEVER,
  type Observable,
  of,
  ReplaySubject,
  type SchedulerLike,
  Subject,
  type Subscription,
  take,
  takeUntil,
  tap,
  throwError,
} from 'rxjs';
import { Failures } from '../../operators/firing/failures.js';
import { FiringMeter } from '../../operators/firing/meter.js';
import type { StopListener } from '../../operators/samples/stopWhen.js';
import type { Command } from '../../operators/ticks/command.js';
import type { Log } from '../core/deps.js';
import { withContext } from '../core/errorContext.js';
import type { EpochMs, Millis } from '../core/units.js';
import { type Counters, noCounters } from '../measure/counters.js';
import type { KeptExchange } from '../measure/keptExchange.js';
import { TAG_LIMIT } from '../measure/window.js';
import type { NetSample } from '../protocols/netSample.js';
import { isRealTime, realTimeScheduler } from '../time/realTime.js';
import { aggregated } from './aggregated.js';
import { catchWithContext } from './catchWithContext.js';
import { countMismatch } from './countMismatch.js';
import { droppedSamples } from './droppedSamples.js';
import { fire } from './fire.js';
import { openEarly } from './openEarly.js';
import { openGuns } from './openGuns.js';
import { calling, componentOf, firstInstanceMs, type Pool } from './pool.js';
import { type RememberedCommands, rememberCommands } from './rememberCommands.js';
import type { PoolEvent, PoolProgress } from './runEvent.js';
import type { RunOptions } from './runOptions.js';
import { tailLimit } from './tailLimit.js';
import { plannedBefore, watchOf, withWindows } from './windows.js';

const PROGRESS_MS: Millis = 1000;

/** A log that adds the pool to each line. */
function poolLog(log: Log, pool: string): Log {
  const line =
    (level: keyof Log): Log['warn'] =>
    (message, fields) =>
      log[level](message, { pool, ...fields });
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };
}

/** One run of a pool, from its first event to its last. */
class PoolRun {
  readonly #log: Log | undefined;
  readonly #scheduler: SchedulerLike;
  readonly #meter = new FiringMeter();
  readonly #failures = new Failures('ELPIS_INTERNAL');
  /** The drain that a failed part of the pool asks for. */
  readonly #halt = new ReplaySubject<Millis>(1);
  readonly #drain: Observable<Millis>;
  readonly #steering: RememberedCommands | undefined;
  /** Events that no aggregator reports: windows, exchanges, the stop of a condition. */
  readonly #results = new Subject<PoolEvent>();
  /** Emits when all aggregators have ended. */
  readonly #fired = new Subject<void>();
  #startedAt: EpochMs;

  constructor(
    private readonly pool: Pool,
    private readonly options: RunOptions,
  ) {
    const { scheduler = realTimeScheduler, drain = EMPTY, poolDrain, log } = options;
    this.#scheduler = scheduler;
    this.#startedAt = scheduler.now();
    this.#log = log === undefined ? undefined : poolLog(log, pool.id);
    this.#drain = merge(drain, poolDrain?.(pool.id) ?? EMPTY, this.#halt);
    this.#steering = this.#steeredBy(options.control);
    pool.exchanges?.listen((exchange) => this.#results.next(this.#exchange(exchange)));
  }

  events(): Observable<PoolEvent> {
    return concat(
      defer(() => of(this.#event({ type: 'pool-started' }))),
      merge(this.#results.pipe(takeUntil(this.#fired)), this.#progressEvents(), this.#reports()),
      defer(() => this.#ending()),
    ).pipe(
      finalize(() => this.#steering?.subscription.unsubscribe()),
      catchWithContext({ pool: this.pool.id }),
    );
  }

  #steeredBy(control: RunOptions['control']): RememberedCommands | undefined {
    if (control === undefined) return undefined;
    const fallback = { code: 'ELPIS_CONTROL', what: 'the commands failed' } as const;
    return rememberCommands(defer(() => control(this.pool.id)).pipe(catchWithContext<Command>({}, fallback)));
  }

  /** The commands change the plan from the first one on. */
  get #steered(): boolean {
    return this.#steering?.steered === true;
  }

  #progressEvents(): Observable<PoolEvent> {
    const { progressEveryMs = PROGRESS_MS } = this.options;
    return interval(progressEveryMs, this.#scheduler).pipe(
      takeUntil(this.#fired),
      map(() => this.#progress('progress')),
    );
  }

  #reports(): Observable<PoolEvent> {
    const { pool } = this;
    const shooting = (guns: Pick<Pool['gunFactory'], 'create'>): Observable<NetSample> =>
      concat(
        this.#openEarly(),
        defer(() => this.#barrier()),
        defer(() => this.#shooting(guns)),
      );
    return openGuns(pool.gunFactory, this.#drain, shooting, componentOf(pool, 'gun'), this.#log).pipe(
      aggregated(pool, (error) => this.#fail(error)),
      tap({
        next: (report) => {
          if (report.final && report.dropped > 0) this.#failures.add(droppedSamples(report));
        },
        finalize: () => this.#fired.next(),
      }),
      map((report) => this.#event({ type: 'report', report })),
      catchError((error: unknown) => {
        this.#failures.add(error);
        return EMPTY;
      }),
    );
  }

  #openEarly(): Observable<never> {
    // In virtual time there is nothing to connect to.
    return isRealTime(this.#scheduler) ? openEarly(this.pool, this.#scheduler).pipe(takeUntil(this.#drain)) : EMPTY;
  }

  #barrier(): Observable<never> {
    const common = this.options.barrier?.(this.pool.id) ?? EMPTY;
    return common.pipe(take(1), takeUntil(this.#drain), ignoreElements());
  }

  /** The samples of all shots. Their windows become events. */
  #shooting(guns: Pick<Pool['gunFactory'], 'create'>): Observable<NetSample> {
    const { pool, options } = this;
    const { loop = watchOf(this.#scheduler), conditions, progressEveryMs = PROGRESS_MS } = options;
    this.#startedAt = this.#scheduler.now();
    const origin = pool.startAt?.() ?? this.#startedAt + firstInstanceMs(pool.instances);
    const plan = plannedBefore(pool, origin);
    const reader = loop?.open();
    const tail = this.#endAtTailLimit(origin);
    const samples = fire(
      { ...pool, gunFactory: guns },
      {
        ...{ scheduler: this.#scheduler, drain: this.#drain, meter: this.#meter, log: this.#log },
        ...{ commands: this.#steering?.commands, stops: this.#stops(), eventLoop: loop, origin: pool.startAt?.() },
        conditions: conditions && ((position) => conditions(pool.id, position)),
      },
    );
    const { connections } = pool;
    return samples.pipe(
      withWindows(
        { everyMs: progressEveryMs, origin, scheduler: this.#scheduler, onTagLimit: (tag) => this.#warnOfTags(tag) },
        {
          plannedBefore: (at) => (this.#steered ? null : plan(at)),
          started: () => this.#meter.requests,
          withoutAmmo: () => this.#meter.withoutAmmo,
          counters: () => this.#counters(),
          ...(connections === undefined ? {} : { connections: () => connections.take() }),
          ...(reader === undefined ? {} : { loop: () => reader.take() }),
        },
        (window) => this.#results.next(this.#event({ type: 'window', window })),
      ),
      finalize(() => {
        tail.unsubscribe();
        reader?.close();
      }),
    );
  }

  /** Ends the pool when there was no ammo after the end of its plan. */
  #endAtTailLimit(origin: EpochMs): Subscription {
    // Commands move the end of the plan: a pool that is paused is not at its end.
    const limits = tailLimit(this.pool, origin, { meter: this.#meter, scheduler: this.#scheduler }).pipe(
      takeUntil(this.#steering?.first ?? NEVER),
    );
    return limits.subscribe((limitMs) => {
      const limit = `${limitMs / 1000} s (tail-limit)`;
      this.#log?.warn(`there was no ammo for ${limit} after the end of the plan: the pool is ended`);
      this.#halt.next(0);
    });
  }

  #stops(): StopListener {
    return {
      stopped: ({ reason }, source) => {
        this.#results.next(this.#event({ type: 'pool-stopped', reason }));
        if (source === 'unsubscribe') this.#halt.next(0);
      },
      missingTags: (tags) => this.#log?.warn(`a condition names tags that no sample had: ${tags.join(', ')}`, { tags }),
    };
  }

  #warnOfTags(tag: string): void {
    this.#log?.warn(`more than ${TAG_LIMIT} tags: further ones are counted together`, { tag });
  }

  /** The counters of the gun. When they cannot be read, the pool fails. */
  #counters(): Counters {
    try {
      return this.pool.gunFactory.counters?.() ?? noCounters();
    } catch (error) {
      const component = componentOf(this.pool, 'gun');
      const what = `the counters of ${calling(component, 'the gun')} cannot be read`;
      this.#fail(withContext(error, { component }, { code: 'ELPIS_GUN', what }));
      return noCounters();
    }
  }

  /** Ends the shooting because of an error; the error is emitted at the end of the run. */
  #fail(error: unknown): void {
    this.#failures.add(error);
    this.#halt.next(0);
  }

  /** The events after the last report, then the error of the pool, if there is one. */
  #ending(): Observable<PoolEvent> {
    const { pool } = this;
    const mismatch = this.#steered ? undefined : countMismatch(pool, this.#meter);
    if (mismatch !== undefined) this.#failures.add(mismatch);
    this.#warnOfEmptyShots();
    const kinds = pool.badAmmo?.() ?? [];
    const rest = [
      ...(pool.exchanges?.rest() ?? []).map((exchange) => this.#exchange(exchange)),
      ...(kinds.length === 0 ? [] : [this.#event({ type: 'bad-ammo', kinds })]),
    ];
    if (!this.#failures.any) return of(...rest, this.#progress('pool-finished'));
    return concat(
      of(...rest, this.#progress('progress')),
      throwError(() => this.#failures.error),
    );
  }

  #warnOfEmptyShots(): void {
    const { emptyShots } = this.#meter;
    if (emptyShots === 0) return;
    const gun = this.pool.gun === undefined ? 'the gun' : `gun "${this.pool.gun}"`;
    this.#log?.warn(`${emptyShots} shots completed without a sample: ${gun}`);
  }

  #exchange(exchange: KeptExchange): PoolEvent {
    return this.#event({ type: 'exchange', exchange });
  }

  #progress(type: 'progress' | 'pool-finished'): PoolEvent {
    const meter = this.#meter;
    const progress: PoolProgress = {
      elapsed: this.#scheduler.now() - this.#startedAt,
      requests: meter.requests,
      responses: meter.responses,
      inFlight: meter.inFlight,
      instances: meter.instances - meter.instancesEnded,
      instancesStarted: meter.instances,
      instancesGrown: meter.grown,
      discarded: meter.discarded,
      unfinished: meter.unfinished,
      emptyShots: meter.emptyShots,
    };
    return this.#event({ type, progress });
  }

  #event<const T extends { readonly type: PoolEvent['type'] }>(part: T) {
    return { pool: this.pool.id, at: this.#scheduler.now(), ...part };
  }
}

/**
 * Runs one pool: warms up, fires, reports, closes. The events end with `pool-finished`, or with an error that names
 * the pool and its failed part.
 *
 * - Before an error all shots under way are recorded as unfinished, every aggregator flushes and closes, and the
 *   final reports and a `progress` with the final counters are emitted.
 * - An aggregator that fails, or that dropped samples, ends the shooting; the other aggregators receive the rest.
 * - When several parts have failed, the message of the error names them all.
 */
export function runPool(pool: Pool, options: RunOptions = {}): Observable<PoolEvent> {
  return defer(() => new PoolRun(pool, options).events());
}
