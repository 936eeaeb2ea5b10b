import { median } from '../support/median.js';
import { runScript } from '../support/runScript.js';
import type { Row } from './row.js';

/** Relaxed pacing by itself, without a network. */
export const relaxed: Row = {
  name: 'relaxed',
  title: 'Relaxed pacing: 1,000 operations per second, no network, after half a second',
  run: async ({ rounds, seconds, say }) => {
    const runs: { p50: number; p99: number; cpu: number }[] = [];
    for (let round = 0; round < rounds; round++) {
      const run = await runScript<(typeof runs)[0]>('relaxedPacing', [seconds]);
      say(`relaxed ${round + 1}/${rounds}: p50 ${run.p50.toFixed(3)} ms, ${(run.cpu * 100).toFixed(1)} % of a core`);
      runs.push(run);
    }
    return [
      { name: 'lateness p50', value: median(runs.map(({ p50 }) => p50)), unit: 'ms' },
      { name: 'lateness p99', value: median(runs.map(({ p99 }) => p99)), unit: 'ms' },
      { name: 'CPU', value: median(runs.map(({ cpu }) => cpu * 100)), unit: '% of a core' },
    ];
  },
};
