import { isLeft } from 'fp-ts/lib/Either.js';
import { filter, fromEvent, map, merge, take, takeUntil } from 'rxjs';
import { builtins } from '../../builtins/builtins.js';
import { uncaught } from '../../engine/uncaught.js';
import { realTimeScheduler } from '../../time/realTime.js';
import { loadOrigin } from '../loadOrigin.js';
import { playShare } from '../playShare.js';
import type { CoordinatorLink, FromShare, ToShare } from '../protocol.js';
import { startThread } from '../threads/startThread.js';
import type { Addressed, ProcessTask } from './startProcess.js';

// The program of a process that plays shares: one by itself, several in a thread each. startProcess.ts is the other end.

// A signal of the terminal reaches all processes. The coordinator handles it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);

const arrived = fromEvent(process, 'message', (message: unknown) => message);
const gone = fromEvent(process, 'disconnect');

/** The coordinator's end is the parent process. */
const linkOf = (share: number): CoordinatorLink => ({
  send: (message: FromShare) => {
    if (process.connected) process.send?.({ share, message });
  },
  messages: arrived.pipe(
    filter((message): message is Addressed<ToShare> => (message as Partial<Addressed<ToShare>>).share === share),
    map(({ message }) => message),
    takeUntil(gone),
  ),
  close: () => undefined,
});

/** The processors that this process has used since the last call. */
function processorsUsed(): () => number {
  let [at, used] = [realTimeScheduler.now(), process.cpuUsage()];
  return () => {
    const now = realTimeScheduler.now();
    const { user, system } = process.cpuUsage(used);
    const processors = now > at ? (user + system) / 1000 / (now - at) : 0;
    [at, used] = [now, process.cpuUsage()];
    return processors;
  };
}

function playHere(): void {
  playShare(linkOf(0), {
    deps: { scheduler: realTimeScheduler, stdin: process.stdin, stdout: process.stdout, stderr: process.stderr },
    registry: builtins(),
    load: async (origin, registry) => {
      const loaded = await loadOrigin(origin, registry)();
      if (isLeft(loaded)) throw loaded.left;
      return loaded.right;
    },
    uncaught: uncaught(process),
    cpu: processorsUsed(),
  }).subscribe();
}

function playInThread(share: number): void {
  const thread = startThread();
  const { messages, send } = linkOf(share);
  messages.subscribe((message) => thread.send(message));
  thread.messages.subscribe({ next: send, error: () => process.exit(1), complete: () => thread.close() });
}

merge(arrived)
  .pipe(take(1))
  .subscribe((task) => {
    const { shares } = task as ProcessTask;
    if (shares === 1) playHere();
    else for (let share = 0; share < shares; share++) playInThread(share);
  });
gone.subscribe(() => process.exit(0));
