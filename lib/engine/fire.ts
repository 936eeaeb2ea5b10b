import {
  catchError,
  concat,
  defer,
  EMPTY,
  filter,
  finalize,
  type MonoTypeOperatorFunction,
  merge,
  mergeMap,
  NEVER,
  type Observable,
  ReplaySubject,
  type SchedulerLike,
  Subject,
  takeUntil,
  throwError,
} from 'rxjs';
import { Failures } from '../../operators/firing/failures.js';
import type { FiringMeter } from '../../operators/firing/meter.js';
import type { OverflowPolicy } from '../../operators/firing/overflow.js';
import type { StopListener } from '../../operators/samples/stopWhen.js';
import { filterPulled } from '../../operators/shots/filterPulled.js';
import { shoot } from '../../operators/shots/shoot.js';
import { zipAmmo } from '../../operators/shots/zipAmmo.js';
import type { Command } from '../../operators/ticks/command.js';
import { control } from '../../operators/ticks/control.js';
import { defined } from '../core/defined.js';
import { countInShare, type Log, nthOfShare, WHOLE } from '../core/deps.js';
import { type ErrorFallback, withContext } from '../core/errorContext.js';
import { ElpisError, type ErrorContext, isElpisError } from '../core/errors.js';
import type { EventLoop } from '../core/eventLoop.js';
import type { Tick } from '../core/plan.js';
import type { Provider } from '../core/provider.js';
import type { Shot } from '../core/shot.js';
import type { EpochMs, Millis } from '../core/units.js';
import type { NetSample } from '../protocols/netSample.js';
import { PlanSchedule } from '../pull/planSchedule.js';
import { Pullable } from '../pull/pullable.js';
import { catchWithContext } from './catchWithContext.js';
import { judgedConditions, type WindowsObserver } from './conditions.js';
import { overdueSamples } from './overdueSamples.js';
import { calling, componentOf, type Pool } from './pool.js';
import { SharedAmmo } from './sharedAmmo.js';
import { throughOperators } from './throughOperators.js';

/** Options of {@link fire}. */
export interface FireOptions {
  readonly scheduler: SchedulerLike;
  readonly drain: Observable<Millis>;
  readonly meter: FiringMeter;
  /** Control the schedules. */
  readonly commands?: Observable<Command> | undefined;
  /** Receives warnings about shots that make no progress. */
  readonly log?: Log | undefined;
  /** Receives the reason when an operator of the samples ends them. */
  readonly stops?: StopListener;
  readonly eventLoop?: EventLoop | undefined;
  /**
   * Receives the windows of a condition of the samples, by its position among their operators; they are then judged
   * elsewhere.
   */
  readonly conditions?: ((position: number) => WindowsObserver) | undefined;
  /** A moment at which the windows of conditions start. */
  readonly origin?: EpochMs | undefined;
}

/** The largest number of warnings of all instances of a pool together, when each has its own schedule. */
const WARNINGS = 10;

/** A log that writes the first warnings only. */
function firstWarnings(log: Log): Log {
  let left = WARNINGS;
  return {
    debug: (message, fields) => log.debug(message, fields),
    info: (message, fields) => log.info(message, fields),
    warn: (message, fields) => {
      if (left-- > 0) log.warn(message, fields);
    },
    error: (message, fields) => log.error(message, fields),
  };
}

/**
 * Runs one `shoot` per instance, side by side. When one fails, no other starts, and all shots under way are aborted
 * and recorded before the error is emitted.
 */
function shootSideBySide<T, S>(
  instances: Observable<T>,
  drain: Observable<Millis>,
  shootOne: (instance: number, drain: Observable<Millis>) => Observable<S>,
): Observable<S> {
  const failures = new Failures('ELPIS_SHOT');
  const failing = new ReplaySubject<Millis>(1);
  const ending = merge(drain, failing);
  const guarded = <V>(source: Observable<V>): Observable<V> =>
    source.pipe(
      catchError((error: unknown) => {
        failures.add(error);
        failing.next(0);
        return EMPTY;
      }),
    );
  return concat(
    guarded(instances.pipe(takeUntil(ending))).pipe(
      mergeMap((_, instance) => guarded(defer(() => shootOne(instance, ending)))),
    ),
    defer(() => (failures.any ? throwError(() => failures.error) : EMPTY)),
  );
}

/** The overflow policy of this share: each share of a run grows to its part of the maximum. */
function overflowOf({ overflow = { policy: 'queue' }, rpsPerInstance, share }: Pool): OverflowPolicy {
  if (overflow.policy !== 'grow') return overflow;
  if (rpsPerInstance) {
    const message = 'overflow cannot be grow when every instance follows its own copy of rps';
    throw new ElpisError('ELPIS_CONFIG', message, { hint: 'choose another overflow policy, or share one schedule' });
  }
  return { ...overflow, maxInstances: countInShare(share ?? WHOLE, overflow.maxInstances) };
}

function scheduleOf(pool: Pool, part: 'schedule' | 'startup'): [ErrorContext, ErrorFallback] {
  const component = componentOf(pool, part);
  const what = `${calling(component, 'the schedule')}${part === 'startup' ? ' of the instances' : ''} failed`;
  return [{ component }, { code: 'ELPIS_SCHEDULE', what }];
}

/**
 * Errors of ammo, operators and commands already name their source, so an error without a code is an error of the
 * gun.
 */
function failureOf(pool: Pool, error: unknown): ElpisError {
  if (isElpisError(error, 'ELPIS_SCHEDULE')) return withContext(error, { component: componentOf(pool, 'schedule') });
  if (isElpisError(error) && error.code !== 'ELPIS_SHOT') return error;
  const component = componentOf(pool, 'gun');
  return withContext(error, { component }, { code: 'ELPIS_SHOT', what: `${calling(component, 'the gun')} failed` });
}

/** Ticks beyond the capacity of the backlog of a pushed schedule: each is a discarded operation. */
class DroppedTicks {
  readonly #samples = new Subject<NetSample>();

  constructor(private readonly scheduler: SchedulerLike) {}

  add({ index, at }: Tick): void {
    const shot = { index, at, ammo: undefined, instance: -1, started: 0, slotWait: 0 };
    this.#samples.next(overdueSamples.discarded(shot, this.scheduler.now()));
  }

  /** Emits the samples and those of the dropped ticks, until the former end. */
  beside(samples: Observable<NetSample>): Observable<NetSample> {
    const ended = defer(() => {
      this.#samples.complete();
      return EMPTY;
    });
    return merge(this.#samples, concat(samples, ended));
  }
}

/** The inputs of the shots of a pool. */
interface ShotsInput {
  readonly ammo: Provider;
  readonly steer: MonoTypeOperatorFunction<Tick> | undefined;
  readonly scheduler: SchedulerLike;
  readonly meter: FiringMeter;
  readonly onDiscard: (tick: Tick) => void;
}

/** One schedule of a pool, zipped with its ammo, through the operators of ticks and of shots. */
function shotsOf(pool: Pool, { ammo, steer, scheduler, meter, onDiscard }: ShotsInput): Observable<Shot<unknown>> {
  const { operators = {}, from, onCloseError } = pool;
  const made = pool.rps();
  // The errors of a plan already name the schedule; after `pipe` it could not be pulled.
  const rps = made instanceof Pullable ? made : made.pipe(catchWithContext<Tick>(...scheduleOf(pool, 'schedule')));
  const endless = rps instanceof PlanSchedule && rps.plan.count === Number.POSITIVE_INFINITY;
  const due = throughOperators(rps, 'ticks', operators.ticks, { endless, steer });
  const zipped = due.pipe(zipAmmo<unknown>(ammo, { scheduler, meter, ticks: { onCloseError, onDiscard } }));
  // Dropped after they are zipped: the ammo of an operation is the same in every share.
  const own = from === undefined ? zipped : zipped.pipe(filterPulled(({ at }) => at >= from));
  return throughOperators(own, 'shots', operators.shots, { endless });
}

/** The options of `shoot` that all instances of a pool have in common. */
function shootOptionsOf(pool: Pool, { scheduler, drain, meter, log, eventLoop }: FireOptions) {
  return {
    scheduler: pool.pacer ?? scheduler,
    drain,
    meter,
    ...defined({ gun: pool.gun, eventLoop }),
    ...(log === undefined ? {} : { log: pool.rpsPerInstance ? firstWarnings(log) : log }),
    unfinished: overdueSamples.unfinished,
    discarded: overdueSamples.discarded,
    overflow: overflowOf(pool),
  };
}

/**
 * The samples of a pool. With a shared schedule, one schedule is zipped with the ammo, and the instances shoot as they start. With
 * `rpsPerInstance`, each instance has its own schedule; all draw from the same ammo.
 */
export function fire(pool: Pool, options: FireOptions): Observable<NetSample> {
  return defer(() => {
    const { scheduler, drain, meter, commands, stops, conditions, origin } = options;
    const { gunFactory, rpsPerInstance, share = WHOLE } = pool;
    const outOfAmmo = new Subject<void>();
    const shared = new SharedAmmo(pool.provider, {
      onFinished: () => outOfAmmo.next(),
      onCloseError: pool.onCloseError,
      component: componentOf(pool, 'provider'),
    });
    const steer = commands && control(commands, rpsPerInstance ? { scheduler } : { scheduler, share });
    const shooting = shootOptionsOf(pool, options);
    const dropped = new DroppedTicks(scheduler);
    const input = { ammo: shared.ammo, steer, scheduler: shooting.scheduler, meter };
    const shots = () => shotsOf(pool, { ...input, onDiscard: (tick) => dropped.add(tick) });
    const startup = pool.startup.pipe(catchWithContext<Tick>(...scheduleOf(pool, 'startup')));
    const together = (): Observable<NetSample> =>
      shots().pipe(
        shoot(gunFactory, { ...shooting, instances: startup, firstInstance: share.index, instanceStride: share.of }),
      );
    const alone = (instance: number, ending: Observable<Millis>): Observable<NetSample> =>
      shots().pipe(
        shoot(gunFactory, {
          ...shooting,
          drain: ending,
          instances: 1,
          firstInstance: nthOfShare(share, instance),
        }),
      );
    const stopped = commands?.pipe(filter(({ type }) => type === 'stop')) ?? NEVER;
    const samples = rpsPerInstance
      ? shootSideBySide(startup.pipe(takeUntil(outOfAmmo), takeUntil(stopped)), drain, alone)
      : together();
    const named = dropped
      .beside(samples)
      .pipe(catchError((error: unknown) => throwError(() => failureOf(pool, error))));
    const judged = judgedConditions(pool.operators?.samples, { stops, conditions, scheduler, origin });
    return throughOperators(named, 'samples', judged).pipe(finalize(() => shared.close()));
  });
}
