import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { isLeft } from 'fp-ts/lib/Either.js';
import { ReplaySubject } from 'rxjs';
import { assemblePools } from '../config/assemblePools.js';
import type { Deps, Log } from '../core/deps.js';
import { packError } from '../core/packedError.js';
import type { EpochMs, Millis } from '../core/units.js';
import { GRACE_AFTER_FAILURE_MS, runPools } from '../engine/runPools.js';
import { uncaught } from '../engine/uncaught.js';
import { located } from '../plugin/userPlace.js';
import { realTimeScheduler } from '../time/realTime.js';
import { seededRandom } from '../time/seededRandom.js';
import { loadOrigin } from './loadOrigin.js';
import { PortSinks, threadRegistry } from './portSinks.js';
import type { ThreadOrder, ThreadReport, ThreadTask } from './threadMessages.js';

// The life of one thread: reads the config, plays its share of the run, and reports everything to the coordinator.
const port = parentPort as MessagePort;
const { origin, index, of, seed, progressEveryMs } = workerData as ThreadTask;
const post = (report: ThreadReport): void => port.postMessage(report);
const sinks = new PortSinks(port);
const drain = new ReplaySubject<Millis>(1);
const go = new ReplaySubject<void>(1);
let startAt: EpochMs | undefined;

port.on('message', (order: ThreadOrder) => {
  if (order.type === 'sink-ack') sinks.acknowledge(order.id, order.error);
  else if (order.type === 'drain') drain.next(order.limitMs);
  else {
    startAt = order.startAt;
    go.next();
  }
});

function portLog(): Log {
  const line =
    (level: keyof Log) =>
    (message: string, fields: Record<string, unknown> = {}): void =>
      post({
        type: 'log',
        level,
        message,
        fields: { thread: index, ...(JSON.parse(JSON.stringify(fields)) as object) },
      });
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };
}

function fail(error: unknown): void {
  post({ type: 'failed', error: packError(located(error)) });
  port.close();
}

uncaught(process).subscribe((error) => {
  drain.next(GRACE_AFTER_FAILURE_MS);
  post({ type: 'failing', error: packError(located(error)) });
});

async function live(): Promise<void> {
  const loaded = await loadOrigin(origin, threadRegistry(sinks))();
  if (isLeft(loaded)) {
    fail(loaded.left);
    return;
  }
  const deps: Deps = {
    scheduler: realTimeScheduler,
    // The same in every thread: chance belongs to the global index of an operation, not to the thread.
    random: seededRandom(seed),
    log: portLog(),
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    share: { index, of },
  };
  const { pools } = loaded.right;
  let cold = pools.length;
  const barrier = () => {
    cold--;
    if (cold === 0) post({ type: 'warm' });
    return go;
  };
  if (pools.length === 0) post({ type: 'warm' });
  runPools(assemblePools(pools, deps, { startAt: () => startAt }), {
    drain,
    barrier,
    log: deps.log,
    ...(progressEveryMs === undefined ? {} : { progressEveryMs }),
  }).subscribe({
    next: (event) => post({ type: 'event', event }),
    error: fail,
    complete: () => {
      post({ type: 'done' });
      port.close();
    },
  });
}

live().catch(fail);
