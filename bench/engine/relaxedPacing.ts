// How late relaxed pacing is by itself, and what it costs: 1,000 operations a second, a gun that completes at once. Prints JSON.
// Usage: relaxedPacing.ts SECONDS
import { constant, dummy, NetSample, type Shot } from 'elpis';
import { shoot, zipAmmo } from 'elpis/operators';
import { of } from 'rxjs';

const seconds = Number(process.argv[2] ?? 4);
const WARM_UP = 500;
const late: number[] = [];
let since = { cpu: process.cpuUsage(), at: performance.now() };

const gun = {
  create: () => ({ shoot: (_: unknown, shot: Shot<unknown>) => of(NetSample.of(shot).end(shot.started)) }),
};
constant({ ops: 1000, duration: `${seconds}s` })
  .pipe(zipAmmo(dummy()), shoot(gun, { instances: 10 }))
  .subscribe({
    next: (sample) => {
      if (sample.index === WARM_UP) since = { cpu: process.cpuUsage(), at: performance.now() };
      if (sample.index >= WARM_UP) late.push(sample.started - sample.intended);
    },
    complete: () => {
      const { user, system } = process.cpuUsage(since.cpu);
      const cpu = (user + system) / 1000 / (performance.now() - since.at);
      late.sort((a, b) => a - b);
      console.log(JSON.stringify({ p50: late[late.length >> 1], p99: late[Math.floor(late.length * 0.99)], cpu }));
    },
  });
