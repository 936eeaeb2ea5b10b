// What the observers of a run cost: a no-op gun at a constant rate with 10 tags, with all observers together, or without any.
// Prints JSON: the part of a core that the process uses after the first two seconds, and the operations in that time.
// Usage: observedRun.ts SECONDS all|none [RPS]
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunEvent, run } from 'elpis';
import { lastValueFrom, tap } from 'rxjs';
import { noopWith } from './noopComponent.js';

const seconds = Number(process.argv[2] ?? 10);
const all = process.argv[3] !== 'none';
const rps = Number(process.argv[4] ?? 50_000);
const WARM_UP_MS = 2000;
const TAGS = Array.from({ length: 10 }, (_, i) => `page ${i}`);
const PORTS = { page: 19_090, prometheus: 19_464 };

const noop = noopWith(({ index }) => TAGS[index % TAGS.length] as string);

/** A reader of the page and of Prometheus in a process of its own. */
const READER = `
let pieces = 0;
let scrapes = 0;
const page = () => fetch('http://127.0.0.1:${PORTS.page}/events').then(async ({ body }) => { for await (const _ of body) pieces++; });
const retry = () => page().catch(() => setTimeout(retry, 100));
retry();
const scrape = async () => {
  const text = await (await fetch('http://127.0.0.1:${PORTS.prometheus}/metrics')).text();
  if (text.includes('elpis_operations_total')) scrapes++;
  process.send({ pieces, scrapes });
};
setInterval(() => scrape().catch(() => 0), 1000);
`;

const folder = mkdtempSync(join(tmpdir(), 'observed-run-'));
const reader = all
  ? spawn(process.execPath, ['-e', READER], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  : undefined;
const observing = {
  record: join(folder, 'run.elp'),
  thresholds: ['p99(response) < 1s over 10s', 'errors < 1%', 'rate >= 0.5 x planned over 5s otherwise warn'],
  observers: [
    { type: 'dashboard', listen: `127.0.0.1:${PORTS.page}` },
    { type: 'prometheus', port: PORTS.prometheus },
    { type: 'time-series', file: join(folder, 'windows.csv') },
    { type: 'summary-json', file: join(folder, 'summary.json') },
  ],
};

let read = { pieces: 0, scrapes: 0 };
reader?.on('message', (message: typeof read) => {
  read = message;
});
let startedAt = 0;
let since: { cpu: NodeJS.CpuUsage; at: number } | undefined;
let last = { cpuMs: 0, spanMs: 1 };
let ended = 0;
const seen = (event: RunEvent): void => {
  if (event.type === 'run-started') startedAt = event.at;
  if (event.type !== 'window') return;
  if (since === undefined) {
    if (event.at - startedAt >= WARM_UP_MS) since = { cpu: process.cpuUsage(), at: performance.now() };
    return;
  }
  ended += event.window.total.ended;
  const { user, system } = process.cpuUsage(since.cpu);
  last = { cpuMs: (user + system) / 1000, spanMs: performance.now() - since.at };
};
await lastValueFrom(
  run(
    {
      pools: [
        {
          gun: noop({}),
          ammo: { type: 'dummy' },
          result: { type: 'discard' },
          pacing: 'relaxed',
          rps: { type: 'const', ops: rps, duration: `${seconds}s` },
          startup: { type: 'once', times: 10 },
        },
      ],
      ...(all ? observing : {}),
    },
    { strict: false, failOn: null },
  ).pipe(tap(seen)),
).catch(() => undefined);
reader?.kill();
if (all && (read.pieces < seconds / 2 || read.scrapes < seconds / 2))
  throw new Error(`the readers received too little: ${JSON.stringify(read)}`);
rmSync(folder, { recursive: true });
console.log(JSON.stringify({ cpu: last.cpuMs / last.spanMs, perSecond: (ended * 1000) / last.spanMs }));
