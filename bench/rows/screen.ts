import { median } from '../support/median.js';
import { runScript } from '../support/runScript.js';
import type { Figure, Row } from './row.js';

interface Cost {
  readonly cpuPercent: number;
  readonly bytesPerSecond: number;
}

const SECONDS = 300;
/** [shots per second, tags, columns, rows] */
const CASES = [
  [1000, 5, 80, 24],
  [1000, 50, 120, 40],
  [50_000, 50, 200, 60],
] as const;

/** The processor time of the terminal screen and its view, per second of a run. */
export const screen: Row = {
  name: 'screen',
  title: 'The terminal screen, 10 frames a second in 256 colours: of a core',
  run: async ({ rounds, say }) => {
    const figures: Figure[] = [];
    for (const [rate, tags, columns, rows] of CASES) {
      const costs: number[] = [];
      for (let round = 0; round < Math.max(3, rounds); round++) {
        const { cpuPercent } = await runScript<Cost>('screenCost', [SECONDS, rate, tags, columns, rows]);
        costs.push(cpuPercent);
        say(`screen: ${columns} x ${rows}, ${tags} tags, ${rate} per second: ${cpuPercent.toFixed(2)} %`);
      }
      figures.push({ name: `${columns} x ${rows}, ${tags} tags, ${rate}/s`, value: median(costs), unit: '%' });
    }
    return figures;
  },
};
