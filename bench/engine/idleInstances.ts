// Instances that mostly wait: many connections in flight at a server that takes its time. Prints JSON.
// Usage: idleInstances.ts INSTANCES PER_SECOND SECONDS DELAY PORT...
// The instances are shared out over the ports: to one address and port, a local address has 28,232 ports on Linux.
import { readdirSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  composite,
  http,
  isSummarySnapshot,
  type NetSample,
  type Report,
  type SummarySnapshot,
  summary,
  unlimited,
  uri,
} from 'elpis';
import { reportTo, shoot, zipAmmo } from 'elpis/operators';
import { ignoreElements, lastValueFrom, merge, type Observable, tap, toArray } from 'rxjs';
import { quantile } from '../support/median.js';

const [instances = 0, perSecond = 0, seconds = 0, delaySeconds = 0, ...ports] = process.argv.slice(2).map(Number);
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Resident bytes, after garbage is collected. */
function settled(): number {
  for (let i = 0; i < 3; i++) collect();
  return process.memoryUsage.rss();
}

function shootAt(port: number, path: string, schedule: Observable<unknown>, guns: number): Observable<unknown> {
  return (schedule as ReturnType<typeof unlimited>).pipe(
    zipAmmo(uri({ uris: [path] })),
    shoot(http({ target: `127.0.0.1:${port}` }), { instances: guns }),
    reportTo(summary(), latenessOf),
  );
}

/** Lateness of the generator, with time for a free instance taken out: while connections are opened, and later. */
const opening: number[] = [];
const later: number[] = [];
let plannedFrom = Number.POSITIVE_INFINITY;

function latenessOf(samples: Observable<unknown>): Observable<Report> {
  return samples.pipe(
    tap((sample) => {
      const { intended, started, slotWait } = sample as NetSample;
      const sinceStart = intended - plannedFrom;
      if (sinceStart < 0 || sinceStart > seconds * 1000) return;
      const connects = sinceStart < (instances / perSecond) * 1000;
      (connects ? opening : later).push(started - intended - slotWait);
    }),
    ignoreElements(),
  );
}

// What every process needs, whatever its number of instances: compiled code, pools of samples, heap.
await lastValueFrom(shootAt(ports[0] as number, '/now', unlimited({ duration: '2s' }), 100));
const empty = settled();

const quietSeconds = delaySeconds + 5;
const share = 1 / ports.length;
const pools = ports.map((port) => {
  const nested = [
    { type: 'const', ops: perSecond * share, duration: `${seconds}s` },
    // All are answered and unused; one more shot keeps the pool from ending before that was measured.
    { type: 'const', ops: 0, duration: `${quietSeconds}s` },
    { type: 'once', times: 1 },
  ];
  return shootAt(port, '/later', composite({ nested }), Math.ceil(instances * share));
});
const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const started = performance.now();
plannedFrom = performance.timeOrigin + started;
const running = lastValueFrom(merge(...pools).pipe(toArray()));
// When the plan has been shot, what was shot during the last seconds is under way.
await after(seconds * 1000 - 20);
const busy = process.memoryUsage.rss();
await after((delaySeconds + 2) * 1000 + started + seconds * 1000 - performance.now());
const idle = settled();
const openFiles = readdirSync('/proc/self/fd').length;
const heap = process.memoryUsage();
const reports = (await running) as { detail?: unknown }[];

const ends = reports.map(({ detail }) => detail).filter(isSummarySnapshot) as SummarySnapshot[];
const worst = (of: (end: SummarySnapshot) => number): number => Math.max(...ends.map(of));
console.log(
  JSON.stringify({
    shots: ends.reduce((sum, { total }) => sum + total.ended, 0),
    failed: ends.reduce((sum, { total }) => sum + total.failed, 0),
    openingP99: quantile(opening, 0.99),
    latenessP50: quantile(later, 0.5),
    latenessP99: quantile(later, 0.99),
    slotWaitP99: worst(({ slotWaitMs }) => slotWaitMs.p99),
    serviceP50: worst(({ total }) => total.serviceTimeMs.p50),
    serviceP99: worst(({ total }) => total.serviceTimeMs.p99),
    openFiles,
    rssMb: { empty: empty / 2 ** 20, busy: busy / 2 ** 20, idle: idle / 2 ** 20 },
    idleHeapMb: { used: heap.heapUsed / 2 ** 20, external: heap.external / 2 ** 20 },
    bytesPerBusy: (busy - empty) / instances,
    bytesPerIdle: (idle - empty) / instances,
  }),
);
