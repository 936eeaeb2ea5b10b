import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { Observable } from 'rxjs';
import { builtins } from '../builtins/builtins.js';
import { blame, combineErrors, describeError } from '../core/blame.js';
import type { Deps } from '../core/deps.js';
import { ElpisError } from '../core/errors.js';
import { unpackError } from '../core/packedError.js';
import type { Millis } from '../core/units.js';
import type { PoolEvent } from '../engine/runEvent.js';
import { GRACE_AFTER_FAILURE_MS } from '../engine/runPools.js';
import { MergedEvents } from './mergedEvents.js';
import { SinkHub, serveSink } from './sinkHub.js';
import type { ConfigOrigin, ThreadOrder, ThreadReport, ThreadTask } from './threadMessages.js';

/** From the order to start to the start: long enough for the order to arrive everywhere. */
const START_DELAY_MS: Millis = 20;

/** How {@link runThreads} runs. */
export interface RunThreadsOptions {
  readonly origin: ConfigOrigin;
  readonly threads: number;
  readonly deps: Deps;
  /** As for `runPools`. */
  readonly drain?: Observable<Millis>;
  /** Of the run's random numbers. Default: by the time. */
  readonly seed?: number | undefined;
  /** As for `runPools`. */
  readonly progressEveryMs?: Millis | undefined;
}

function workerFile(): URL {
  const built = new URL('./threadWorker.js', import.meta.url);
  return existsSync(fileURLToPath(built)) ? built : new URL('./threadWorker.ts', import.meta.url);
}

/**
 * Runs a config in several threads, each with its share of operations, instances and ammo by the stripe of their global
 * index; the union of the shares is the run of one thread. Events come merged, results go to one set of sinks, a failure in
 * one thread ends all, and a drain reaches all.
 */
export function runThreads(options: RunThreadsOptions): Observable<PoolEvent> {
  const { origin, threads, deps, drain, seed, progressEveryMs } = options;
  return new Observable<PoolEvent>((subscriber) => {
    const merged = new MergedEvents(threads);
    const registry = builtins();
    const hub = new SinkHub(threads, (name, config) => {
      const sink = registry.find('sink', name);
      if (sink === undefined) throw new ElpisError('ELPIS_SINK', `there is no sink ${name}`);
      return sink.create(config, deps);
    });
    let cold = threads;
    let alive = threads;
    const failures: ElpisError[] = [];
    const workers: Worker[] = [];
    const order = (to: ThreadOrder): void => {
      for (const worker of workers) worker.postMessage(to);
    };
    const fail = (error: ElpisError): void => {
      failures.push(error);
      order({ type: 'drain', limitMs: GRACE_AFTER_FAILURE_MS });
    };
    const tell = (events: readonly PoolEvent[]): void => {
      for (const event of events) subscriber.next(event);
    };
    const warm = (): void => {
      cold--;
      if (cold === 0) order({ type: 'go', startAt: deps.scheduler.now() + START_DELAY_MS });
    };
    const ended = (): void => {
      alive--;
      if (alive > 0) return;
      tell(merged.rest(deps.scheduler.now()));
      void hub
        .close()
        .then(() => (failures.length === 0 ? subscriber.complete() : subscriber.error(combineErrors(failures))));
    };
    const hear = (thread: number, worker: Worker, report: ThreadReport): void => {
      const acknowledge = (id: number, error: string | undefined): void =>
        worker.postMessage({ type: 'sink-ack', id, error } satisfies ThreadOrder);
      if (serveSink(hub, thread, report, acknowledge)) return;
      if (report.type === 'event') tell(merged.add(thread, report.event));
      if (report.type === 'log') deps.log[report.level](report.message, report.fields);
      if (report.type === 'warm') warm();
      if (report.type === 'failed' || report.type === 'failing') fail(blame(unpackError(report.error), { thread }));
      // Its last word: nothing that it may still hold open keeps the run from ending.
      if (report.type === 'done' || report.type === 'failed') void worker.terminate();
    };
    for (let index = 0; index < threads; index++) {
      const task: ThreadTask = {
        origin,
        index,
        of: threads,
        ...(seed === undefined ? {} : { seed }),
        ...(progressEveryMs === undefined ? {} : { progressEveryMs }),
      };
      const worker = new Worker(workerFile(), { workerData: task });
      worker.on('message', (report: ThreadReport) => hear(index, worker, report));
      worker.on('error', (cause) =>
        fail(new ElpisError('ELPIS_THREAD', `thread ${index} ended: ${describeError(cause)}`, { cause })),
      );
      worker.on('exit', ended);
      workers.push(worker);
    }
    const draining = drain?.subscribe((limitMs) => order({ type: 'drain', limitMs }));
    return () => {
      draining?.unsubscribe();
      for (const worker of workers) void worker.terminate();
      void hub.close();
    };
  });
}
