// The same as growth.ts over real NATS: the CPU time of the coordinator, with its lease, heartbeats and clock, per worker and second.
// The workers are simulated in another process: each sends a heartbeat twice a second, and a progress event and a window of 1,000
// operations once a second, which were encoded before, so that they need little of the machine. Needs nats-server in PATH. Prints JSON.
// Usage: natsGrowth.ts TAGS SECONDS WORKERS...
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { interval } from 'rxjs';
import { Summaries } from '../../lib/engine/summaries.js';
import type { Bus } from '../../lib/mesh/bus.js';
import { MeshLinks, RENEW_EVERY_MS } from '../../lib/mesh/coordinator/meshLinks.js';
import { packed } from '../../lib/mesh/groupMessages.js';
import { packBodies, packFrame } from '../../lib/mesh/journal/frame.js';
import { natsBus } from '../../lib/mesh/nats/natsBus.js';
import { subjectsOf } from '../../lib/mesh/subjects.js';
import { coordinate } from '../../lib/shares/coordinate.js';
import { type FromShare, PROTOCOL_VERSION } from '../../lib/shares/protocol.js';
import { realTimeScheduler } from '../../lib/time/realTime.js';
import { startNats } from '../support/startNats.js';
import { DIFFERENT, type GrowthCost, secondsOfBodies } from './growthFrames.js';

const RUN = '20260101-000000-abcd';
/** Until the code is compiled. */
const WARM_UP = 3;
const subjects = subjectsOf('bench').of(RUN);
const nats = (port: number, name: string) =>
  natsBus({ servers: [`nats://127.0.0.1:${port}`], group: 'bench', name, create: true });

/** A worker with one share, which appends frames. */
class SimulatedWorker {
  #number = 0;
  #previous = 0;

  constructor(
    private readonly bus: Bus,
    private readonly share: number,
  ) {}

  async append(bodies: readonly Uint8Array[]): Promise<void> {
    for (const [i, body] of bodies.entries()) {
      const number = ++this.#number;
      const data = packFrame({ number, previous: this.#previous, more: i < bodies.length - 1, body });
      this.#previous = await this.bus.append(subjects.from(this.share), `${RUN}:${this.share}:${number}`, data);
    }
  }

  beat(): void {
    const { share } = this;
    this.bus.publish(
      subjects.heartbeats,
      packed({
        ...{ type: 'heartbeat', worker: `w${share}`, offsetMs: 0, uncertaintyMs: 0.1, cpu: 0.5 },
        ...{ perSecond: 1000, lateMs: 0.2, alive: [share], sent: [[share, this.#number]], lost: [] },
      }),
    );
  }
}

/** Simulates workers until the parent ends it. */
async function simulate(port: number, count: number, seconds: number, tags: number): Promise<void> {
  const bus = await nats(port, 'workers');
  const arriving = secondsOfBodies(seconds, tags);
  const first: readonly FromShare[] = [
    { type: 'joined', version: PROTOCOL_VERSION },
    { type: 'ready', pool: 'p', missing: [] },
  ];
  const workers = Array.from({ length: count }, (_, share) => new SimulatedWorker(bus, share));
  for (const worker of workers) await worker.append(packBodies(JSON.stringify(first), bus.maxBytes));
  process.send?.('ready');
  // Real workers are spread over the second: here over its 20 parts.
  interval(50).subscribe((step) => {
    const [second, part] = [Math.floor(step / 20), step % 20];
    for (const [share, worker] of workers.entries()) {
      if (share % 10 === part % 10) worker.beat();
      const bodies = arriving[second]?.[share % DIFFERENT];
      if (share % 20 === part && bodies !== undefined) void worker.append(bodies);
    }
  });
}

/** CPU time of the coordinator while so many workers play. */
async function cost(port: number, workers: number, seconds: number, tags: number): Promise<GrowthCost> {
  const last = seconds + WARM_UP + 2;
  const args = ['simulate', port, workers, last, tags].map(String);
  const simulated = fork(fileURLToPath(import.meta.url), args, { execArgv: process.execArgv });
  const bus = await nats(port, 'coordinator');
  await once(simulated, 'message');
  const assignments = Array.from({ length: workers }, (_, i) => ({ worker: `w${i}`, host: `h${i}`, shares: [i] }));
  const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  const repeater = bus.repeat({ everyMs: RENEW_EVERY_MS, patienceMs: 30_000 });
  const links = new MeshLinks({
    ...{ bus, run: RUN, subjects, assignments, leaseMs: 30_000, scheduler: realTimeScheduler, repeater, log },
  });
  const summaries = new Summaries([{ id: 'p', rpsPerInstance: false }]);
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
  while (windows < WARM_UP) await delay(20);
  const [before, from, first] = [process.cpuUsage(), realTimeScheduler.now(), windows];
  while (windows < first + seconds) await delay(20);
  const { user, system } = process.cpuUsage(before);
  const took = (realTimeScheduler.now() - from) / 1000;
  simulated.kill('SIGKILL');
  running.unsubscribe();
  await links.end();
  repeater.close();
  await bus.close();
  if (took > seconds * 2) throw new Error(`${seconds} s of a run took ${took.toFixed(1)} s: the machine is too busy`);
  // By the seconds of the run that were merged: on a busy machine they take longer.
  return { workers, ms: (user + system) / 1000 / seconds / workers, bytes: 0 };
}

async function measured(workers: number, seconds: number, tags: number): Promise<GrowthCost> {
  const server = await startNats();
  try {
    return await cost(server.port, workers, seconds, tags);
  } finally {
    server.stop();
  }
}

const [mode, ...rest] = process.argv.slice(2);
if (mode === 'simulate') {
  const [port = 0, count = 1, seconds = 1, tags = 1] = rest.map(Number);
  await simulate(port, count, seconds, tags);
} else {
  const [seconds = 8, ...counts] = rest.map(Number);
  const costs: GrowthCost[] = [];
  for (const workers of counts) costs.push(await measured(workers, seconds, Number(mode)));
  console.log(JSON.stringify(costs));
  process.exit(0);
}
