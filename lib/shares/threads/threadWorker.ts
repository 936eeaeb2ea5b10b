import { type MessagePort, parentPort } from 'node:worker_threads';
import { isLeft } from 'fp-ts/lib/Either.js';
import { builtins } from '../../builtins/builtins.js';
import { uncaught } from '../../engine/uncaught.js';
import { realTimeScheduler } from '../../time/realTime.js';
import { loadOrigin } from '../loadOrigin.js';
import { playShare } from '../playShare.js';
import { portLink } from './portLink.js';

// The program of a thread: it plays one share. runThreads.ts is the other end.
playShare(portLink(parentPort as MessagePort), {
  deps: { scheduler: realTimeScheduler, stdin: process.stdin, stdout: process.stdout, stderr: process.stderr },
  registry: builtins(),
  load: async (origin, registry) => {
    const loaded = await loadOrigin(origin, registry)();
    if (isLeft(loaded)) throw loaded.left;
    return loaded.right;
  },
  uncaught: uncaught(process),
}).subscribe();
