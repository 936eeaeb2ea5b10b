import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE, ELPIS } from '../support/folders.js';
import { quantile } from '../support/median.js';
import { runCommand } from '../support/runCommand.js';
import { startNats } from '../support/startNats.js';
import { startWorkers } from '../support/startWorkers.js';
import type { Row } from './row.js';

const WORKERS = 4;
/** So many starts in a round: the 99th percentile needs many. */
const STARTS = 10;

const spread = (times: readonly number[]): number => Math.max(...times) - Math.min(...times);

/**
 * How far apart workers begin. The first operation of each is due at the start: the server gets one request from each worker. The skew
 * of a start is the time from the first of these requests to the last, on as many cores as there are. The run-up has compiled the code and
 * opened the connections before. The second operation of each is due half a second later, on open connections:
 * its skew is that of clocks and timers.
 */
export const meshStart: Row = {
  name: 'mesh-start',
  title: 'Many machines: start of 4 workers on one machine, seen by the server',
  run: async (bench) => {
    const recorder = await bench.recorder();
    const nats = await startNats();
    const workers = await startWorkers(WORKERS, nats.port);
    const file = join(CACHE, 'mesh-start.json');
    const pool = {
      gun: { type: 'http', target: `127.0.0.1:${recorder.port}` },
      ammo: { type: 'uri', uris: ['/'] },
      result: { type: 'discard' },
      rps: [
        { type: 'once', times: WORKERS },
        { type: 'const', ops: 0, duration: '500ms' },
        { type: 'once', times: WORKERS },
      ],
      startup: { type: 'once', times: WORKERS },
      'run-up': 'always',
    };
    writeFileSync(file, JSON.stringify({ pools: [pool] }));
    const skews: number[] = [];
    const later: number[] = [];
    try {
      for (let start = 0; start < STARTS * bench.rounds; start++) {
        await recorder.clear();
        const finished = await runCommand(
          [process.execPath, ELPIS, 'run', file, '--quiet', ...workers.options] as const,
          { limitSeconds: 90 },
        );
        if (finished.code !== 0) throw new Error(`elpis ended with ${finished.code}: ${finished.stderr.slice(-1000)}`);
        const arrivals = await recorder.arrivals();
        if (arrivals.length !== 2 * WORKERS) throw new Error(`${arrivals.length} requests arrived, not ${2 * WORKERS}`);
        skews.push(spread(arrivals.slice(0, WORKERS)));
        later.push(spread(arrivals.slice(WORKERS)));
        const [first, second] = [skews, later].map((all) => all.at(-1)?.toFixed(2));
        bench.say(`mesh-start ${start + 1}/${STARTS * bench.rounds}: first shots ${first} ms, later ${second} ms`);
      }
    } finally {
      workers.stop();
      nats.stop();
    }
    return [
      { name: 'starts', value: skews.length, unit: '' },
      { name: 'skew p50', value: quantile(skews, 0.5), unit: 'ms' },
      { name: 'skew p99', value: quantile(skews, 0.99), unit: 'ms' },
      { name: 'half a second later p50', value: quantile(later, 0.5), unit: 'ms' },
      { name: 'half a second later p99', value: quantile(later, 0.99), unit: 'ms' },
    ];
  },
};
