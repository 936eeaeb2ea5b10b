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

/**
 * How far apart workers begin. The first operation of each is due at the start: the server gets one request from each worker. The skew
 * of a start is the time from the first of these requests to the last, with the connections that are opened for them.
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
      rps: { type: 'once', times: WORKERS },
      startup: { type: 'once', times: WORKERS },
    };
    writeFileSync(file, JSON.stringify({ pools: [pool] }));
    const skews: number[] = [];
    try {
      for (let start = 0; start < STARTS * bench.rounds; start++) {
        await recorder.clear();
        const finished = await runCommand(
          [process.execPath, ELPIS, 'run', file, '--quiet', ...workers.options] as const,
          { limitSeconds: 90 },
        );
        if (finished.code !== 0) throw new Error(`elpis ended with ${finished.code}: ${finished.stderr.slice(-1000)}`);
        const arrivals = await recorder.arrivals();
        if (arrivals.length !== WORKERS) throw new Error(`${arrivals.length} requests arrived, not ${WORKERS}`);
        skews.push(Math.max(...arrivals) - Math.min(...arrivals));
        bench.say(`mesh-start ${start + 1}/${STARTS * bench.rounds}: ${skews.at(-1)?.toFixed(2)} ms`);
      }
    } finally {
      workers.stop();
      nats.stop();
    }
    return [
      { name: 'starts', value: skews.length, unit: '' },
      { name: 'skew p50', value: quantile(skews, 0.5), unit: 'ms' },
      { name: 'skew p90', value: quantile(skews, 0.9), unit: 'ms' },
      { name: 'skew p99', value: quantile(skews, 0.99), unit: 'ms' },
    ];
  },
};
