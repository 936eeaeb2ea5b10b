import { pathToFileURL } from 'node:url';
import { elpis } from '../peers/elpis.js';
import { ELPIS, LIBRARY } from '../support/folders.js';
import { median } from '../support/median.js';
import { type CommandLine, runCommand } from '../support/runCommand.js';
import type { Row } from './row.js';

const BARE: CommandLine = [process.execPath, '-e', '0'];
const importing = (specifier: string): CommandLine => [
  ...([process.execPath, '--input-type=module', '-e'] as const),
  `import ${JSON.stringify(specifier)}`,
];

const now = (): number => Number(process.hrtime.bigint()) / 1e6;

/** How long a command takes, and how much of a core, in milliseconds. */
async function timesOf(command: CommandLine): Promise<{ wall: number; cpu: number }> {
  const began = now();
  const { code, stderr, cpuSeconds } = await runCommand(command, { limitSeconds: 20 });
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}: ${stderr.slice(-1000)}`);
  return { wall: now() - began, cpu: cpuSeconds * 1000 };
}

/**
 * How long it takes from the call of the command to the first thing that comes of it, as a multiple of a bare `node -e 0` in the
 * same round; and what importing the library costs beside importing RxJS, without what Node itself costs. Not pinned to a core.
 */
export const startUp: Row = {
  name: 'startup',
  title: 'Start: from the call of the command, beside a bare node -e 0',
  run: async (bench) => {
    const recorder = await bench.recorder();
    const ours = elpis({ name: 'elpis start' });
    const rounds: { bare: number; version: number; first: number; library: number; rxjs: number }[] = [];
    for (let round = 0; round < Math.max(5, bench.rounds); round++) {
      const bare = await timesOf(BARE);
      const version = await timesOf([process.execPath, ELPIS, '--version']);
      const rxjs = await timesOf(importing('rxjs'));
      const library = await timesOf(importing(pathToFileURL(LIBRARY).href));
      const command = ours.paced?.({ port: recorder.port, from: 10, to: 10, seconds: 1 });
      if (command === undefined) throw new Error('the command cannot be paced');
      await recorder.clear();
      const called = now();
      await runCommand(command, { limitSeconds: 20 });
      const [arrived = Number.NaN] = await recorder.arrivals();
      const first = arrived - called;
      rounds.push({
        bare: bare.wall,
        version: version.wall,
        first,
        library: library.cpu - bare.cpu,
        rxjs: rxjs.cpu - bare.cpu,
      });
      bench.say(
        `startup: bare ${bare.wall.toFixed(0)}, version ${version.wall.toFixed(0)}, first shot ${first.toFixed(0)} ms`,
      );
    }
    const middle = (of: (round: (typeof rounds)[number]) => number): number => median(rounds.map(of));
    return [
      { name: 'node -e 0', value: middle(({ bare }) => bare), unit: 'ms' },
      { name: 'elpis --version', value: middle(({ version }) => version), unit: 'ms' },
      { name: 'elpis --version / node -e 0', value: middle(({ version, bare }) => version / bare), unit: 'x' },
      { name: 'first request at the server', value: middle(({ first }) => first), unit: 'ms' },
      { name: 'first request / node -e 0', value: middle(({ first, bare }) => first / bare), unit: 'x' },
      { name: 'CPU of importing elpis / rxjs', value: middle(({ library, rxjs }) => library / rxjs), unit: 'x' },
    ];
  },
};
