// The same config, run by a program that checks its numbers. Run it: TARGET=127.0.0.1:8080 npx tsx examples/config-in-code/run.ts
import { run } from 'elpis';
import { percentile } from 'elpis/operators';
import config from './load.js';

const stop = new AbortController();
process.once('SIGINT', () => stop.abort());

run(config, { signal: stop.signal, seed: 1 }).subscribe({
  next: (event) => {
    if (event.type === 'warning') console.error(event.message);
    if (event.type === 'window') {
      const p99 = percentile(event.window, 99);
      console.log(`${event.window.total.ended} shots in the last second, p99 ${p99.toFixed(1)} ms`);
    }
    if (event.type === 'run-finished') {
      const slow = event.summaries.filter(({ total }) => total.responseTimeMs.p99 > 1000);
      console.log(slow.length === 0 ? 'p99 is fine' : `too slow: ${slow.map(({ pool }) => pool).join(', ')}`);
      process.exitCode = slow.length === 0 ? 0 : 1;
    }
  },
  error: (error: Error) => {
    console.error(error.message);
    process.exitCode = 2;
  },
});
