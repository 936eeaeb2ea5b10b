import { isObservable, Observable, type OperatorFunction, type SchedulerLike } from 'rxjs';
import { AN_OBJECT, checkArgument, either, withMethod } from '../../lib/core/argument.js';
import type { Log } from '../../lib/core/deps.js';
import type { EventLoop } from '../../lib/core/eventLoop.js';
import type { GunFactory } from '../../lib/core/gun.js';
import type { Shot } from '../../lib/core/shot.js';
import type { EpochMs, Millis } from '../../lib/core/units.js';
import type { BacklogOptions } from '../../lib/pull/backlogCursor.js';
import { realTimeScheduler } from '../../lib/time/realTime.js';
import { Firing } from '../firing/firing.js';
import type { FiringMeter } from '../firing/meter.js';
import type { OverflowPolicy } from '../firing/overflow.js';

const A_GUN_FACTORY = withMethod(
  'create',
  'a gun',
  "such as http({ target: 'localhost:8080' }), or { create: () => gun }",
);

const INSTANCES = either(
  { expected: 'a whole number of at least 0', holds: (value) => Number.isInteger(value) && (value as number) >= 0 },
  { expected: 'an Observable', holds: isObservable },
);

/** Options of {@link shoot}. */
export interface ShootOptions<A, S> {
  /** The number of instances, or a stream that starts one instance at each value. Default 1. */
  readonly instances?: number | Observable<unknown>;
  /** Id of the first instance. Default 0. */
  readonly firstInstance?: number;
  /** Difference of the ids of two instances in a row. Default 1. */
  readonly instanceStride?: number;
  /** The handling of a shot that is due while no instance is free. Default `queue`: it waits. */
  readonly overflow?: OverflowPolicy;
  /** Makes the sample of a discarded shot. Default: such shots are only counted. */
  readonly discarded?: (shot: Shot<A>, now: EpochMs) => S;
  /**
   * Makes the sample of a shot that was due or under way when the run ended. Default: such shots are only counted.
   */
  readonly unfinished?: (shot: Shot<A>, now: EpochMs) => S;
  /**
   * Ends the run softly: at each value no new shot starts, and shots under way may take that many milliseconds more.
   * A later value replaces the limit; 0 ends at once.
   */
  readonly drain?: Observable<Millis>;
  /** Bounds of the backlog when the shots are pushed instead of pulled. */
  readonly backlog?: BacklogOptions<Shot<A>>;
  /** Counters that are updated while firing. */
  readonly meter?: FiringMeter;
  /**
   * Measures the event loop of the process, so that a late end of a shot while it was blocked does not count as a
   * slow target. Default: it is never blocked.
   */
  readonly eventLoop?: EventLoop;
  /** Called once when no further shot is fired and no further instance is needed. */
  readonly onExhausted?: () => void;
  /** Name of the gun, for messages. */
  readonly gun?: string;
  /**
   * Receives a warning when no shot has made progress for 30 s (at most 10 warnings, with growing pauses), when shots are
   * aborted at the limit of a drain, and an error when a part cannot be closed after the consumer has unsubscribed.
   */
  readonly log?: Log;
  /** Default: real time. */
  readonly scheduler?: SchedulerLike;
}

/**
 * Merges shots into concurrent gun shots and emits their samples. Like `mergeMap` of RxJS with a concurrency limit, but each
 * concurrent place is an instance with its own gun, shots are drawn by demand, and the cost of a shot does not depend
 * on the number in flight.
 *
 * ```text
 * shots                       0a-1b-2c-3d|
 * a gun that takes 4 frames   ----s|
 * shoot(guns, instances: 2)   ----s--s----s--(s|)
 * ```
 *
 * - A free instance takes the next shot, waits until it is due, shoots, and is free again. The instance that has been
 *   free the longest is first.
 * - When no instance is free, shots wait and keep their intended time; `slotWait` is the length of the wait. With
 *   another `overflow` late shots are discarded, start more instances, or fail the stream.
 * - Completes when the source has completed and the last shot under way has ended; then every gun is closed, once.
 * - It errors with the first failure of a gun, the source, `instances`, `drain`, `create` of the factory, or a
 *   function in the options. Before that, other shots under way are aborted and, like overdue ones, recorded by
 * `unfinished`, and all parts are closed.
 * - A gun that cannot be closed does not prevent the others from being closed. For several failures the error has the
 *   code of the first, the messages of all, and an `AggregateError` of them as its cause.
 * - A shot without a sample is counted by the meter. A sample of `undefined` or `null`, and a `shoot` that returns no
 *   Observable, promise or iterable, is the error `ELPIS_SHOT`.
 * - `drain` ends it softly; an error of `drain` is an error of the stream, its completion has no effect.
 * - Unsubscribing aborts the shots under way, counts them as unfinished, and closes guns, timers and the source, each once.
 * - Pullable shots are pulled; others are subscribed to and wait in `backlog`.
 *
 * @param gunFactory Makes a gun for each instance.
 * @param options Instances, overflow, drain, backlog and reports.
 * @see [mergeMap](https://rxjs.dev/api/operators/mergeMap)
 * @see {@link zipAmmo}, {@link drainOn}, {@link reportTo}
 * @example
 * line({ from: 1, to: 500, duration: '60s' }).pipe(
 *   zipAmmo(uri({ file: './ammo.uri' })),
 *   shoot(http({ target: 'localhost:8080' }), { instances: 50, overflow: { policy: 'grow', maxInstances: 500 } }),
 * );
 */
export function shoot<A, S>(
  gunFactory: Pick<GunFactory<A, S>, 'create'>,
  options: ShootOptions<A, S> = {},
): OperatorFunction<Shot<A>, S> {
  checkArgument('shoot', 'gunFactory', gunFactory, A_GUN_FACTORY);
  checkArgument('shoot', 'options', options, AN_OBJECT);
  const { scheduler = realTimeScheduler, drain, instances = 1 } = options;
  checkArgument('shoot', 'instances', instances, INSTANCES);
  return (shots) =>
    new Observable<S>((destination) => {
      const firing = new Firing(gunFactory, destination, options, scheduler);
      const { ending } = firing;
      destination.add(() => ending.unsubscribed());
      destination.add(
        drain?.subscribe({
          next: (limitMs) => ending.drain(limitMs),
          error: (error: unknown) => ending.fail(error),
        }),
      );
      if (!destination.closed) firing.start(shots);
    });
}
