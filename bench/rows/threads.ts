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
    const rate = async (count: number): Promise<number> => {
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
        pools: [{ total: { endedPerSecond: number } }];
      };
      return pools[0].total.endedPerSecond;
    };
    const one: number[] = [];
    const two: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const turn = round % 2 === 0 ? ([1, 2] as const) : ([2, 1] as const);
      for (const count of turn) (count === 1 ? one : two).push(await rate(count));
      say(`threads ${round + 1}/${rounds}: ${Math.round(one.at(-1) ?? 0)}/s, ${Math.round(two.at(-1) ?? 0)}/s`);
    }
    return [
      { name: 'one thread', value: median(one), unit: 'shots/s' },
      { name: 'two threads', value: median(two), unit: 'shots/s' },
      { name: 'two / one', value: median(two.map((rate, round) => rate / (one[round] as number))), unit: 'x' },
    ];
  },
};
