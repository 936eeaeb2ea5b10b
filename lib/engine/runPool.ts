import {
  concat,
  defer,
  EMPTY,
  finalize,
  ignoreElements,
  interval,
  map,
  merge,
  type Observable,
  of,
  pipe,
  Subject,
  take,
  takeUntil,
  tap,
} from 'rxjs';
import { FiringMeter } from '../../operators/firingMeter.js';
import { reportTo } from '../../operators/reportTo.js';
import type { Aggregator } from '../core/aggregator.js';
import { ElpisError } from '../core/errors.js';
import type { Report } from '../core/report.js';
import { realTimeScheduler } from '../coreutil/realTimeScheduler.js';
import type { NetSample } from '../protocols/netSample.js';
import { blame } from './blame.js';
import { fire } from './fire.js';
import { openArmoury } from './openArmoury.js';
import type { NamedAggregator, Pool } from './pool.js';
import type { PoolProgress, PoolEvent } from './poolEvent.js';
import { rememberCommands } from './rememberCommands.js';
import type { RunOptions } from './runOptions.js';

const refuseDrops = (report: Report): void => {
  if (!report.final || report.dropped === 0) return;
  throw new ElpisError('ELPIS_SAMPLES_DROPPED', `${report.from}: ${report.dropped} samples were dropped`, {
    hint: 'write to a faster disk, choose a leaner format, or raise sample-queue-size',
  });
};

function blaming({ name, aggregator }: NamedAggregator): Aggregator<NetSample> {
  return pipe(aggregator, blame<Report>('ELPIS_SINK', `aggregator "${name}"`));
}

/**
 * Runs one pool: warms up, fires, reports, closes. The events end with `pool-finished`, or with an error that names the
 * culprit; either way everything that was recorded is flushed first.
 */
export function runPool(pool: Pool, options: RunOptions = {}): Observable<PoolEvent> {
  const { scheduler = realTimeScheduler, drain = new Subject(), progressEveryMs = 1000 } = options;
  const barrier = (): Observable<never> =>
    (options.barrier?.(pool.id) ?? EMPTY).pipe(take(1), takeUntil(drain), ignoreElements());
  return defer(() => {
    const meter = new FiringMeter();
    const steering = options.control === undefined ? undefined : rememberCommands(options.control(pool.id));
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
    });
    const event = <T extends object>(part: T) => ({ pool: pool.id, at: scheduler.now(), ...part });
    const fired = new Subject<void>();

    const reports = openArmoury(pool.armoury, drain, (armoury) =>
      concat(
        defer(barrier),
        defer(() => {
          startedAt = scheduler.now();
          return fire({ ...pool, armoury }, { scheduler, drain, meter, commands: steering?.commands });
        }),
      ),
    ).pipe(
      reportTo(...pool.aggregators.map(blaming)),
      tap({ next: refuseDrops, finalize: () => fired.next() }),
      map((report): PoolEvent => event({ type: 'report' as const, report })),
    );
    const ticking = interval(progressEveryMs, scheduler).pipe(
      takeUntil(fired),
      map((): PoolEvent => event({ type: 'progress' as const, progress: progress() })),
    );
    return concat(
      defer(() => of<PoolEvent>(event({ type: 'pool-started' as const }))),
      merge(ticking, reports),
      defer(() => of<PoolEvent>(event({ type: 'pool-finished' as const, progress: progress() }))),
    ).pipe(
      finalize(() => steering?.subscription.unsubscribe()),
      blame('ELPIS_POOL', `pool "${pool.id}"`),
    );
  });
}
