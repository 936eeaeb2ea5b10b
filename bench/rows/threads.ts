import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE, ELPIS, ROOT } from '../support/folders.js';
import { median } from '../support/median.js';
import { runCommand } from '../support/runCommand.js';
import type { Row } from './row.js';

/** One thread compared with two, through the command line, with a gun that completes at once. Uses both cores. */
export const threads: Row = {
  name: 'threads',
  title: 'Threads: no-op gun, whole product, two threads beside one',
  run: async ({ rounds, seconds, say }) => {
    const measure = async (count: number): Promise<{ readonly rate: number; readonly cpu: number }> => {
      const file = join(CACHE, 'threads.json');
      const summary = join(CACHE, 'threads-summary.json');
      const pool = {
        gun: { type: 'noop' },
        ammo: { type: 'dummy' },
        result: { type: 'discard' },
        rps: { type: 'unlimited', duration: `${seconds}s` },
        startup: { type: 'once', times: 64 },
      };
      const plugins = [join(ROOT, 'bench', 'engine', 'noopComponent.ts')];
      writeFileSync(file, JSON.stringify({ plugins, threads: count, pools: [pool] }));
      const command = [process.execPath, ELPIS, 'run', file, '--quiet', '--summary-json', summary] as const;
      const finished = await runCommand(command, { limitSeconds: seconds + 30 });
      if (finished.code !== 0) throw new Error(`elpis ended with ${finished.code}: ${finished.stderr.slice(-1000)}`);
      const { pools } = JSON.parse(readFileSync(summary, 'utf8')) as {
        pools: [{ total: { endedPerSecond: number; shots: number } }];
      };
      const { endedPerSecond, shots } = pools[0].total;
      return { rate: endedPerSecond, cpu: (finished.cpuSeconds * 1e9) / shots };
    };
    const one: { readonly rate: number; readonly cpu: number }[] = [];
    const two: typeof one = [];
    for (let round = 0; round < rounds; round++) {
      const turn = round % 2 === 0 ? ([1, 2] as const) : ([2, 1] as const);
      for (const count of turn) (count === 1 ? one : two).push(await measure(count));
      const [last, other] = [one, two].map((all) => all.at(-1) as (typeof one)[0]) as [
        (typeof one)[0],
        (typeof one)[0],
      ];
      say(
        `threads ${round + 1}/${rounds}: ${Math.round(last.rate)}/s, ${Math.round(other.rate)}/s; ` +
          `${last.cpu.toFixed(0)} and ${other.cpu.toFixed(0)} ns of CPU for a shot`,
      );
    }
    const ratio = (key: 'rate' | 'cpu'): number =>
      median(two.map((measured, round) => measured[key] / (one[round] as (typeof one)[0])[key]));
    return [
      { name: 'one thread', value: median(one.map(({ rate }) => rate)), unit: 'shots/s' },
      { name: 'two threads', value: median(two.map(({ rate }) => rate)), unit: 'shots/s' },
      { name: 'two / one', value: ratio('rate'), unit: 'x' },
      { name: 'CPU of a shot, two / one', value: ratio('cpu'), unit: 'x' },
    ];
  },
};
