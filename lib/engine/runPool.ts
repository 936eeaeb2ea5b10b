import {
  catchError,
  concat,
  defer,
  EMPTY,
  filter,
  finalize,
  identity,
  ignoreElements,
  interval,
  type MonoTypeOperatorFunction,
  map,
  merge,
  NEVER,
  type Observable,
  of,
  ReplaySubject,
  type SchedulerLike,
  Subject,
  take,
  takeUntil,
  tap,
  throwError,
} from 'rxjs';
import { Failures } from '../../operators/firing/failures.js';
import { FiringMeter } from '../../operators/firing/meter.js';
import { reportTo } from '../../operators/samples/reportTo.js';
import type { StopListener } from '../../operators/samples/stopWhen.js';
import type { Command } from '../../operators/ticks/command.js';
import type { Aggregator, Report } from '../core/aggregator.js';
import type { Log } from '../core/deps.js';
import { withContext } from '../core/errorContext.js';
import type { EpochMs, Millis } from '../core/units.js';
import { type Counters, noCounters } from '../measure/counters.js';
import type { KeptExchange } from '../measure/keptExchange.js';
import type { LoopWatch } from '../measure/loopWatch.js';
import { TAG_LIMIT, type Window } from '../measure/window.js';
import type { NetSample } from '../protocols/netSample.js';
import { isRealTime, realTimeScheduler } from '../time/realTime.js';
import { catchWithContext } from './catchWithContext.js';
import type { WindowsObserver } from './conditions.js';
import { countMismatch } from './countMismatch.js';
import { droppedSamples } from './droppedSamples.js';
import { fire } from './fire.js';
import { openEarly } from './openEarly.js';
import { openGuns } from './openGuns.js';
import { calling, componentOf, type NamedAggregator, type Pool } from './pool.js';
import { rememberCommands } from './rememberCommands.js';
import type { PoolEvent, PoolProgress } from './runEvent.js';
import { tailLimit } from './tailLimit.js';
import { plannedBefore, watchOf, withWindows } from './windows.js';

/** Options of {@link runPools}. */
export interface RunOptions {
  /** Default: real time. */
  readonly scheduler?: SchedulerLike;
  /**
   * Drains the run: at each value no new shot starts, and shots under way may take that many milliseconds more.
   * A later value replaces the limit; 0 ends at once. Recorded samples are always flushed.
   */
  readonly drain?: Observable<Millis>;
  /** Awaited when a pool has warmed up, before its first shot: a common start for several threads. Default: no wait. */
  readonly barrier?: (pool: string) => Observable<unknown>;
  /**
   * Commands to a pool while it runs: pause, resume, another rate or speed, an end. Called once per pool; its result
   * is subscribed to from the warm-up of the pool on. Default: no commands.
   */
  readonly control?: (pool: string) => Observable<Command>;
  /** Drains one pool, as `drain` does all. Called once per pool. Default: never. */
  readonly poolDrain?: (pool: string) => Observable<Millis>;
  /**
   * Receives the windows of a condition of a pool (see `stopWhen`) by its position among the pool's operators of
   * samples; they are then judged elsewhere, for example merged with those of other threads. Default: each condition
   * judges the samples of this pool.
   */
  readonly conditions?: (pool: string, position: number) => WindowsObserver;
  /** Milliseconds between two progress events, and the length of windows. Default 1000. */
  readonly progressEveryMs?: Millis;
  /** Measures the event loop. Default: one for all pools in real time, none on another clock. */
  readonly loop?: LoopWatch;
  /** Receives warnings about shots without progress or without a sample, about windows, and errors after an unsubscribe. Default: none. */
  readonly log?: Log;
}

/** A log that adds the pool to each line. */
function poolLog(log: Log, pool: string): Log {
  const line =
    (level: keyof Log): Log['warn'] =>
    (message, fields) =>
      log[level](message, { pool, ...fields });
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };
}

/** Passes on the samples that the aggregators receive. */
const written = (gunFactory: Pool['gunFactory']): MonoTypeOperatorFunction<NetSample> =>
  gunFactory.written === undefined ? identity : filter((sample) => gunFactory.written?.(sample) !== false);

/** Reports of several results of one name differ by the position of the result; threads merge them by it. */
function distinctReport(report: Report, { aggregators }: Pick<Pool, 'aggregators'>, position: number): Report {
  const alike = aggregators.filter(({ name }) => name === aggregators[position]?.name);
  return alike.length < 2 ? report : { ...report, from: `${report.from} (result[${position}])` };
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
  const { scheduler = realTimeScheduler, progressEveryMs = 1000, loop = watchOf(scheduler) } = options;
  return defer(() => {
    const meter = new FiringMeter();
    const failures = new Failures('ELPIS_INTERNAL');
    const halt = new ReplaySubject<Millis>(1);
    const drain = merge(options.drain ?? EMPTY, options.poolDrain?.(pool.id) ?? EMPTY, halt);
    const log = options.log === undefined ? undefined : poolLog(options.log, pool.id);
    const { control } = options;
    const commands = catchWithContext<Command>({}, { code: 'ELPIS_CONTROL', what: 'the commands failed' });
    const steering = control && rememberCommands(defer(() => control(pool.id)).pipe(commands));
    let startedAt = scheduler.now();
    const progress = (): PoolProgress => ({
      elapsed: scheduler.now() - startedAt,
      requests: meter.requests,
      responses: meter.responses,
      inFlight: meter.inFlight,
      instances: meter.instances - meter.instancesEnded,
      instancesStarted: meter.instances,
      instancesGrown: meter.grown,
      discarded: meter.discarded,
      unfinished: meter.unfinished,
      emptyShots: meter.emptyShots,
    });
    const event = <T extends object>(part: T) => ({ pool: pool.id, at: scheduler.now(), ...part });
    const fired = new Subject<void>();
    const guarded =
      ({ name, aggregator }: NamedAggregator, position: number): Aggregator<NetSample> =>
      (samples) =>
        defer(() => aggregator(samples)).pipe(
          map((report) => distinctReport(report, pool, position)),
          catchWithContext<Report>(
            { component: { kind: 'aggregator', name } },
            { code: 'ELPIS_AGGREGATOR', what: `aggregator "${name}" failed` },
          ),
          catchError((error: unknown) => {
            failures.add(error);
            halt.next(0);
            return EMPTY;
          }),
        );
    const barrier = (): Observable<never> =>
      (options.barrier?.(pool.id) ?? EMPTY).pipe(take(1), takeUntil(drain), ignoreElements());
    const results = new Subject<PoolEvent>();
    const exchangeEvent = (exchange: KeptExchange): PoolEvent => event({ type: 'exchange' as const, exchange });
    pool.exchanges?.listen((exchange) => results.next(exchangeEvent(exchange)));
    const laterExchanges = (): readonly PoolEvent[] => (pool.exchanges?.rest() ?? []).map(exchangeEvent);
    const onWindow = (window: Window): void => results.next(event({ type: 'window' as const, window }));
    const onTagLimit = (tag: string): void =>
      log?.warn(`more than ${TAG_LIMIT} tags: further ones are counted together`, { tag });
    const stops: StopListener = {
      stopped: ({ reason }, source) => {
        results.next(event({ type: 'pool-stopped' as const, reason }));
        if (source === 'unsubscribe') halt.next(0);
      },
      missingTags: (tags) => log?.warn(`a condition names tags that no sample had: ${tags.join(', ')}`, { tags }),
    };

    const counters = (): Counters => {
      try {
        return pool.gunFactory.counters?.() ?? noCounters();
      } catch (error) {
        const component = componentOf(pool, 'gun');
        const what = `the counters of ${calling(component, 'the gun')} cannot be read`;
        failures.add(withContext(error, { component }, { code: 'ELPIS_GUN', what }));
        halt.next(0);
        return noCounters();
      }
    };
    const { conditions } = options;
    const judges = conditions && ((position: number) => conditions(pool.id, position));

    const shooting = (gunFactory: Pick<Pool['gunFactory'], 'create'>): Observable<NetSample> =>
      concat(
        // In virtual time there is nothing to connect to.
        isRealTime(scheduler) ? openEarly(pool, scheduler).pipe(takeUntil(drain)) : EMPTY,
        defer(barrier),
        defer(() => {
          startedAt = scheduler.now();
          const { instances } = pool;
          const firstInstanceMs = instances !== undefined && instances.count > 0 ? instances.atNs(0) / 1e6 : 0;
          const origin = pool.startAt?.() ?? startedAt + firstInstanceMs;
          const plan = plannedBefore(pool, origin);
          // Commands change the plan from the first one on.
          const planned = (at: EpochMs): number | null => (steering?.steered === true ? null : plan(at));
          const { connections } = pool;
          const reader = loop?.open();
          // Commands move the end of the plan: a pool that is paused is not at its end.
          const tails = tailLimit(pool, origin, { meter, scheduler }).pipe(takeUntil(steering?.first ?? NEVER));
          const tail = tails.subscribe((limitMs) => {
            const limit = `${limitMs / 1000} s (tail-limit)`;
            log?.warn(`there was no ammo for ${limit} after the end of the plan: the pool is ended`);
            halt.next(0);
          });
          return fire(
            { ...pool, gunFactory },
            {
              ...{ scheduler, drain, meter, commands: steering?.commands, log, stops },
              ...{ conditions: judges, origin: pool.startAt?.(), eventLoop: loop },
            },
          ).pipe(
            withWindows(
              { everyMs: progressEveryMs, origin, onTagLimit, scheduler },
              {
                plannedBefore: planned,
                started: () => meter.requests,
                withoutAmmo: () => meter.withoutAmmo,
                counters,
                ...(connections === undefined ? {} : { connections: () => connections.take() }),
                ...(reader === undefined ? {} : { loop: () => reader.take() }),
              },
              onWindow,
            ),
            finalize(() => {
              tail.unsubscribe();
              reader?.close();
            }),
          );
        }),
      );
    const reports = openGuns(pool.gunFactory, drain, shooting, componentOf(pool, 'gun'), log).pipe(
      written(pool.gunFactory),
      reportTo(...pool.aggregators.map(guarded)),
      tap({
        next: (report) => {
          if (report.final && report.dropped > 0) failures.add(droppedSamples(report));
        },
        finalize: () => fired.next(),
      }),
      map((report): PoolEvent => event({ type: 'report' as const, report })),
      catchError((error: unknown) => {
        failures.add(error);
        return EMPTY;
      }),
    );
    const ticking = interval(progressEveryMs, scheduler).pipe(
      takeUntil(fired),
      map((): PoolEvent => event({ type: 'progress' as const, progress: progress() })),
    );
    const ending = (): Observable<PoolEvent> => {
      const wrong = steering?.steered === true ? undefined : countMismatch(pool, meter);
      if (wrong !== undefined) failures.add(wrong);
      if (meter.emptyShots > 0) {
        const gun = pool.gun === undefined ? 'the gun' : `gun "${pool.gun}"`;
        log?.warn(`${meter.emptyShots} shots completed without a sample: ${gun}`);
      }
      const kinds = pool.badAmmo?.() ?? [];
      const skipped: readonly PoolEvent[] = [
        ...laterExchanges(),
        ...(kinds.length === 0 ? [] : [event({ type: 'bad-ammo' as const, kinds })]),
      ];
      if (!failures.any) return of(...skipped, event({ type: 'pool-finished' as const, progress: progress() }));
      const counters: PoolEvent = event({ type: 'progress' as const, progress: progress() });
      return concat(
        of(...skipped, counters),
        throwError(() => failures.error),
      );
    };
    return concat(
      defer(() => of<PoolEvent>(event({ type: 'pool-started' as const }))),
      merge(results.pipe(takeUntil(fired)), ticking, reports),
      defer(ending),
    ).pipe(
      finalize(() => steering?.subscription.unsubscribe()),
      catchWithContext({ pool: pool.id }),
    );
  });
}
