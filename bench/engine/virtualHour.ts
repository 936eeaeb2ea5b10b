// An hour at 1,000 rps in virtual time, phout written: how long it takes and how much memory it needs. Prints JSON.
// Usage: virtualHour.ts [SECONDS] [RPS] [TARGET]
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { targetFromText, virtualRun } from 'elpis/testing';

const seconds = Number(process.argv[2] ?? 3600);
const rps = Number(process.argv[3] ?? 1000);
const target = await targetFromText(process.argv[4] ?? 'lognormal(median=20ms, p99=80ms)');

const folder = mkdtempSync(join(tmpdir(), 'virtual-hour-'));
const destination = join(folder, 'phout.log');
const rssMb: number[] = [];
let events = 0;
const started = performance.now();
const cpu = process.cpuUsage();
const run = await virtualRun(
  {
    pools: [
      {
        gun: { type: 'http', target: 'localhost:80' },
        ammo: { type: 'uri', uris: ['/one', '/two /two', '/three'] },
        result: { type: 'phout', destination },
        rps: { type: 'const', ops: rps, duration: `${seconds}s` },
        startup: { type: 'once', times: 200 },
      },
    ],
  },
  {
    target,
    onEvent: () => {
      if (++events % Math.ceil(seconds / 3) === 0) rssMb.push(Math.round(process.memoryUsage.rss() / 2 ** 20));
    },
  },
);
const tookMs = Math.round(performance.now() - started);
const { user, system } = process.cpuUsage(cpu);
const cpuMs = Math.round((user + system) / 1000);
const phoutMb = Math.round(statSync(destination).size / 2 ** 20);
rmSync(folder, { recursive: true });
console.log(JSON.stringify({ shots: run.summaries[0]?.total.ended, tookMs, cpuMs, rssMb, phoutMb }));
