import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { isLeft } from 'fp-ts/lib/Either.js';
import { builtins } from '../../builtins/builtins.js';
import { defined } from '../../core/defined.js';
import { uncaught } from '../../engine/uncaught.js';
import { eventLoopTimes, realTimeScheduler } from '../../time/realTime.js';
import { SharedClock } from '../../time/sharedClock.js';
import { loadOrigin } from '../loadOrigin.js';
import { playShare } from '../playShare.js';
import { portLink } from './portLink.js';
import type { ThreadData } from './startThread.js';

// The program of a thread: it plays one share. startThread.ts is the other end.
const { clock, noModules } = (workerData ?? {}) as ThreadData;
const scheduler = clock === undefined ? realTimeScheduler : new SharedClock(clock).scheduler;

/** How busy the event loop of this thread was since the last call. */
function busyLoop(): () => number {
  let last = eventLoopTimes();
  return () => {
    const { active, idle } = eventLoopTimes();
    const [worked, waited] = [active - last.active, idle - last.idle];
    last = { active, idle };
    return worked + waited > 0 ? worked / (worked + waited) : 0;
  };
}

playShare(portLink(parentPort as MessagePort), {
  deps: { scheduler, stdin: process.stdin, stdout: process.stdout, stderr: process.stderr },
  registry: builtins(),
  load: async (origin, registry) => {
    const loaded = await loadOrigin(origin, registry, defined({ noModules }))();
    if (isLeft(loaded)) throw loaded.left;
    return loaded.right;
  },
  uncaught: uncaught(process),
  // Node 20 cannot read the processor time of a thread.
  cpu: busyLoop(),
}).subscribe();
