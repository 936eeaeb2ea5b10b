import { median } from '../support/median.js';
import { runScript } from '../support/runScript.js';
import type { Row } from './row.js';

interface Hour {
  readonly shots: number;
  readonly tookMs: number;
  /** Processor time of the whole process, its collector included. */
  readonly cpuMs: number;
  readonly rssMb: readonly number[];
}

const ROUNDS = 3;
const SHOTS = 3_600_000;

/** A rehearsal of an hour. */
export const virtualHour: Row = {
  name: 'virtual-hour',
  title: 'An hour at 1,000 rps in virtual time: a lognormal target, uri ammo, phout and the summary',
  run: async ({ say }) => {
    const took: number[] = [];
    const cpu: number[] = [];
    const growth: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const { shots, tookMs, cpuMs, rssMb } = await runScript<Hour>('virtualHour', [3600, 1000], { limitSeconds: 120 });
      if (shots !== SHOTS) throw new Error(`${shots} shots were recorded, not ${SHOTS}`);
      took.push(tookMs / 1000);
      cpu.push(cpuMs / 1000);
      growth.push((rssMb.at(-1) ?? Number.NaN) - (rssMb[1] ?? Number.NaN));
      say(
        `virtual-hour ${round + 1}/${ROUNDS}: ${(tookMs / 1000).toFixed(1)} s, ${(cpuMs / 1000).toFixed(1)} s of CPU, ${rssMb.join(', ')} MB`,
      );
    }
    return [
      { name: 'time', value: median(took), unit: 's' },
      { name: 'CPU', value: median(cpu), unit: 's' },
      { name: 'growth of memory, from 20 minutes to the end', value: median(growth), unit: 'MB' },
    ];
  },
};
