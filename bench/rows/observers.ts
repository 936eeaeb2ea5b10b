import { median } from '../support/median.js';
import { runScript } from '../support/runScript.js';
import type { Row } from './row.js';

interface Observed {
  /** Of a core. */
  readonly cpu: number;
  readonly perSecond: number;
}

const RPS = 50_000;

/** What all observers of a run cost together. */
export const observers: Row = {
  name: 'observers',
  title:
    'Observers: record, thresholds, page with a reader, Prometheus with a reader, time series, summary; a no-op gun at 50,000 per second with 10 tags',
  run: async ({ rounds, seconds, say }) => {
    const lasting = 2 + Math.max(6, seconds);
    const costs: number[] = [];
    const withAll: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const order = round % 2 === 0 ? (['none', 'all'] as const) : (['all', 'none'] as const);
      const cpu = { none: 0, all: 0 };
      for (const which of order) {
        const run = await runScript<Observed>('observedRun', [lasting, which, RPS]);
        if (run.perSecond < 0.95 * RPS) throw new Error(`${run.perSecond.toFixed(0)} per second ended, not ${RPS}`);
        cpu[which] = 100 * run.cpu;
      }
      say(`observers ${round + 1}/${rounds}: ${cpu.none.toFixed(1)} % without, ${cpu.all.toFixed(1)} % with all`);
      costs.push(cpu.all - cpu.none);
      withAll.push(cpu.all);
    }
    return [
      { name: 'the run with all of them', value: median(withAll), unit: '% of a core' },
      { name: 'all of them together', value: median(costs), unit: '% of a core' },
    ];
  },
};
