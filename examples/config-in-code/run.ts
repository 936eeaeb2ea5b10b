// The same config, run by a program that looks at its numbers. Run it: TARGET=127.0.0.1:8080 npx tsx examples/config-in-code/run.ts
import { isSummaryProgress, run } from 'elpis';
import config from './load.js';

const stop = new AbortController();
process.once('SIGINT', () => stop.abort());

run(config, { signal: stop.signal, seed: 1 }).subscribe({
  next: (event) => {
    if (event.type === 'warning') console.error(event.message);
    if (event.type === 'report' && isSummaryProgress(event.report.detail)) {
      const { shots, responseTimeMs } = event.report.detail;
      console.log(`${shots} shots in the last second, p99 ${responseTimeMs.p99.toFixed(1)} ms`);
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
