import { elpis } from '../peers/elpis.js';
import { ELPIS } from '../support/folders.js';
import { median } from '../support/median.js';
import { runCommand } from '../support/runCommand.js';
import type { Row } from './row.js';

/** How long it takes from the call of the command to the first thing that comes of it. Not pinned to a core: nobody starts it so. */
export const startUp: Row = {
  name: 'startup',
  title: 'Start: from the call of the command',
  run: async (bench) => {
    const recorder = await bench.recorder();
    const ours = elpis({ name: 'elpis start' });
    const versions: number[] = [];
    const firsts: number[] = [];
    const now = (): number => Number(process.hrtime.bigint()) / 1e6;
    for (let round = 0; round < Math.max(5, bench.rounds); round++) {
      const began = now();
      await runCommand([process.execPath, ELPIS, '--version'], { limitSeconds: 20 });
      versions.push(now() - began);
      const command = ours.paced?.({ port: recorder.port, from: 10, to: 10, seconds: 1 });
      if (command === undefined) continue;
      await recorder.clear();
      const called = now();
      await runCommand(command, { limitSeconds: 20 });
      const [first = Number.NaN] = await recorder.arrivals();
      firsts.push(first - called);
      bench.say(`startup: version ${versions.at(-1)?.toFixed(0)} ms, first shot ${firsts.at(-1)?.toFixed(0)} ms`);
    }
    return [
      { name: 'elpis --version', value: median(versions), unit: 'ms' },
      { name: 'first request at the server', value: median(firsts), unit: 'ms' },
    ];
  },
};
