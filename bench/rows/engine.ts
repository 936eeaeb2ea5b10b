import { median } from '../support/median.js';
import { runScript } from '../support/runScript.js';
import type { Row } from './row.js';

interface Shots {
  readonly perSecond: number;
  readonly steadyPerSecond: number;
  readonly rssMb: Record<string, number>;
}

/** The engine without a network. */
export const engine: Row = {
  name: 'engine',
  title: 'The engine alone: no-op gun, pulled, summary recorded, per second of processor time',
  run: async ({ rounds, seconds, say }) => {
    const sync: number[] = [];
    const few: number[] = [];
    const many: number[] = [];
    for (let round = 0; round < rounds; round++) {
      sync.push((await runScript<Shots>('noopGun', [seconds, 64, 'sync'])).perSecond);
      few.push((await runScript<Shots>('noopGun', [seconds, 100, 'async'])).steadyPerSecond);
      many.push((await runScript<Shots>('noopGun', [seconds, 50_000, 'async'])).steadyPerSecond);
      const shown = [sync, few, many].map((rates) => Math.round(rates.at(-1) ?? 0));
      say(`engine ${round + 1}/${rounds}: ${shown.join('/s, ')}/s`);
    }
    const costs = few.map((rate, round) => rate / (many[round] as number));
    return [
      { name: 'synchronous gun, 64 instances', value: median(sync), unit: 'shots/s' },
      { name: 'asynchronous gun, 100 in flight', value: median(few), unit: 'shots/s' },
      { name: 'asynchronous gun, 50,000 in flight', value: median(many), unit: 'shots/s' },
      { name: 'cost of a shot, 50,000 / 100 in flight', value: median(costs), unit: 'x' },
    ];
  },
};

/** Memory does not grow with the number of shots. */
export const memory: Row = {
  name: 'memory',
  title: 'Memory: resident size after 10 million shots against 1 million (no-op gun, summary)',
  run: async ({ say }) => {
    const { rssMb } = await runScript<Shots>('noopGun', [120, 64, 'async', 10_000_001], { limitSeconds: 150 });
    const [one = Number.NaN, ten = Number.NaN] = [rssMb['1000000'], rssMb['10000000']];
    say(`memory: ${one.toFixed(1)} MB, then ${ten.toFixed(1)} MB`);
    return [
      { name: 'after 1 million', value: one, unit: 'MB' },
      { name: 'after 10 million', value: ten, unit: 'MB' },
      { name: 'growth', value: ten - one, unit: 'MB' },
    ];
  },
};
