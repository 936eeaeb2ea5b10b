// The same as growth.ts over real NATS: the CPU time of the coordinator, with its lease, heartbeats and clock, per worker and second.
// The workers are simulated in another process: each sends a heartbeat twice a second, and a progress event and a window of 1,000
// operations once a second. Needs nats-server in PATH.
// Usage: npx tsx --tsconfig bench/tsconfig.json bench/mesh/natsGrowth.ts [tags]
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { interval, take } from 'rxjs';
import { Summaries } from '../../lib/engine/summaries.js';
import { MeshLinks, RENEW_EVERY_MS } from '../../lib/mesh/coordinator/meshLinks.js';
import { packed } from '../../lib/mesh/groupMessages.js';
import { JournalWriter } from '../../lib/mesh/journal/journalWriter.js';
import { natsBus } from '../../lib/mesh/nats/natsBus.js';
import { fromShareToJson } from '../../lib/mesh/shareMessages.js';
import { subjectsOf } from '../../lib/mesh/subjects.js';
import { coordinate } from '../../lib/shares/coordinate.js';
import { type FromShare, PROTOCOL_VERSION } from '../../lib/shares/protocol.js';
import { realTimeScheduler } from '../../lib/time/realTime.js';
import { framesEvents } from './growthEvents.js';

const WORKERS = [2, 8, 32, 128];
const SECONDS = 8;
const RUN = '20260101-000000-abcd';
const nats = (port: number, name: string) =>
  natsBus({ servers: [`nats://127.0.0.1:${port}`], group: 'bench', name, create: true });

/** Simulates workers until the parent disconnects. */
async function simulate(port: number, workers: number, tags: number): Promise<void> {
  const bus = await nats(port, 'workers');
  const subjects = subjectsOf('bench').of(RUN);
  const scheduler = realTimeScheduler;
  const writers = Array.from({ length: workers }, (_, share) => {
    const failed = (error: Error): void => console.error(error.message);
    return new JournalWriter(bus, subjects.from(share), { id: `${RUN}:${share}`, scheduler, failed });
  });
  const send = (share: number, message: FromShare): void => writers[share]?.send(fromShareToJson(message));
  for (let share = 0; share < workers; share++) {
    send(share, { type: 'joined', version: PROTOCOL_VERSION });
    send(share, { type: 'ready', pool: 'p', missing: [] });
  }
  process.send?.('ready');
  interval(500).subscribe(() => {
    for (const [share, writer] of writers.entries())
      bus.publish(
        subjects.heartbeats,
        packed({
          ...{ type: 'heartbeat', worker: `w${share}`, offsetMs: 0, uncertaintyMs: 0.1, cpu: 0.5 },
          ...{ perSecond: 1000, lateMs: 0.2, alive: [share], sent: [[share, writer.number]] },
        }),
      );
  });
  interval(1000)
    .pipe(take(SECONDS + 4))
    .subscribe((second) => {
      for (let share = 0; share < workers; share++)
        for (const event of framesEvents(share % 32, second, tags)) send(share, { type: 'event', event });
    });
}

/** CPU time of the coordinator in milliseconds per worker and second. */
async function cost(port: number, workers: number, tags: number): Promise<number> {
  const simulated: ChildProcess = fork(fileURLToPath(import.meta.url), ['simulate', port, workers, tags].map(String));
  const bus = await nats(port, 'coordinator');
  await once(simulated, 'message');
  const assignments = Array.from({ length: workers }, (_, i) => ({ worker: `w${i}`, host: `h${i}`, shares: [i] }));
  const repeater = bus.repeat({ everyMs: RENEW_EVERY_MS, patienceMs: 30_000 });
  const links = new MeshLinks({
    ...{ bus, run: RUN, subjects: subjectsOf('bench').of(RUN), assignments, leaseMs: 30_000 },
    ...{ scheduler: realTimeScheduler, repeater },
  });
  const summaries = new Summaries([{ id: 'p', rpsPerInstance: false }]);
  const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  let windows = 0;
  const running = coordinate(links.links, {
    ...{ origin: { value: null }, pools: ['p'], deps: { scheduler: realTimeScheduler, log }, seed: 1 },
    workerOf: (share) => links.workerOf(share),
    readingOf: (worker) => links.readingOf(worker),
    createSink: () => {
      throw new Error('no sink');
    },
  }).subscribe((event) => {
    if (event.type === 'workers') return;
    if (event.type === 'window') windows++;
    summaries.add(event);
  });
  links.begin();
  while (windows < 2) await delay(50);
  const [before, from, first] = [process.cpuUsage(), realTimeScheduler.now(), windows];
  await delay(SECONDS * 1000 - 2000);
  const { user, system } = process.cpuUsage(before);
  const seconds = (realTimeScheduler.now() - from) / 1000;
  simulated.kill('SIGKILL');
  running.unsubscribe();
  await links.end();
  repeater.close();
  await bus.close();
  if (windows - first < seconds / 2)
    throw new Error(`${windows - first} windows in ${seconds} s: the machine is too slow`);
  return (user + system) / 1000 / seconds / workers;
}

async function measured(workers: number, tags: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'elpis-growth-'));
  const port = 20_000 + Math.floor(Math.random() * 20_000);
  const server = spawn('nats-server', ['-js', '-sd', folder, '-a', '127.0.0.1', '-p', String(port)], {
    stdio: 'ignore',
  });
  await delay(700);
  try {
    return await cost(port, workers, tags);
  } finally {
    server.kill('SIGKILL');
    await once(server, 'exit');
    rmSync(folder, { recursive: true, force: true });
  }
}

const [mode = '100', port, workers, tags] = process.argv.slice(2);
if (mode === 'simulate') await simulate(Number(port), Number(workers), Number(tags));
else {
  console.log(`over NATS, ${mode} tags, 1,000 operations per worker and second`);
  for (const count of WORKERS)
    console.log(
      `${String(count).padStart(4)} workers: ${(await measured(count, Number(mode))).toFixed(2)} ms of CPU per worker and second`,
    );
  process.exit(0);
}
