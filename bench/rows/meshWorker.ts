import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { childrenOf, cpuSecondsOf } from '../support/cpuOf.js';
import { ELPIS, ROOT } from '../support/folders.js';
import { median } from '../support/median.js';
import { startNats } from '../support/startNats.js';
import { startWorkers, type Workers } from '../support/startWorkers.js';
import type { Bench, Row } from './row.js';

const SHARES = 2;
/** Of each share. */
const PER_SECOND = 1000;
/** Until the code is compiled. */
const WARM_UP_SECONDS = 4;

/** One share alone in a process, one of two processes of `--workers 2`, and one of two workers of `--mesh`. */
type Place = 'alone' | 'process' | 'mesh';

/** Part of a core that the processes with a share use, on average, between the warm-up and the end. */
async function measure(place: Place, seconds: number, workers: Workers, round: number): Promise<number> {
  const shares = place === 'alone' ? 1 : SHARES;
  // The config names its module by a relative path, so that it is sent to the workers.
  const file = `mesh-worker-${place}.json`;
  const pool = {
    gun: { type: 'noop' },
    ammo: { type: 'dummy' },
    result: { type: 'discard' },
    rps: { type: 'const', ops: shares * PER_SECOND, duration: `${WARM_UP_SECONDS + seconds + 3}s` },
    startup: { type: 'once', times: shares * 16 },
  };
  const cwd = join(ROOT, 'bench', '.cache');
  writeFileSync(join(cwd, file), JSON.stringify({ plugins: ['../mesh/taggedNoop.ts'], pools: [pool] }));
  const more = { alone: [], process: ['--workers', String(shares)], mesh: workers.options }[place];
  const run = spawn(process.execPath, [ELPIS, 'run', file, '--quiet', ...more], {
    cwd,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  run.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<number | null>((resolve) => run.once('close', resolve));
  try {
    const early = ended.then((code) => Promise.reject(new Error(`elpis ended with ${code}: ${stderr.slice(-1000)}`)));
    early.catch(() => undefined);
    if (place === 'mesh') await Promise.race([workers.logged(/plays share/, SHARES * (round + 1)), early]);
    await delay(WARM_UP_SECONDS * 1000);
    if (run.pid === undefined || run.exitCode !== null) throw new Error(`elpis has ended: ${stderr.slice(-1000)}`);
    const pids = { alone: [run.pid], process: childrenOf(run.pid), mesh: workers.pids }[place];
    if (pids.length !== shares) throw new Error(`${pids.length} processes play, not ${shares}`);
    const used = (): number => pids.reduce((sum, pid) => sum + cpuSecondsOf(pid), 0);
    const [before, from] = [used(), performance.now()];
    await delay(seconds * 1000);
    const cores = (used() - before) / ((performance.now() - from) / 1000) / shares;
    const code = await ended;
    if (code !== 0) throw new Error(`elpis ended with ${code}: ${stderr.slice(-1000)}`);
    return cores * 100;
  } finally {
    run.kill('SIGKILL');
  }
}

async function rounds(bench: Bench, workers: Workers): Promise<Readonly<Record<Place, readonly number[]>>> {
  const seen: Record<Place, number[]> = { alone: [], process: [], mesh: [] };
  const places: readonly Place[] = ['alone', 'process', 'mesh'];
  for (let round = 0; round < bench.rounds; round++) {
    const turn = round % places.length;
    for (const place of [...places.slice(turn), ...places.slice(0, turn)])
      seen[place].push(await measure(place, Math.max(8, bench.seconds), workers, round));
    const last = places.map((place) => `${place} ${seen[place].at(-1)?.toFixed(2)} %`);
    bench.say(`mesh-worker ${round + 1}/${bench.rounds}: ${last.join(', ')}`);
  }
  return seen;
}

/** What a worker pays for being one of several machines: the same share in a worker, in a process of `--workers`, and alone. */
export const meshWorker: Row = {
  name: 'mesh-worker',
  title:
    'Many machines: processor time of a worker beside the same share alone; a no-op gun at 1,000 per second with 100 tags',
  run: async (bench) => {
    const nats = await startNats();
    const workers = await startWorkers(SHARES, nats.port);
    try {
      const { alone, process: local, mesh } = await rounds(bench, workers);
      const over = (others: readonly number[]): number =>
        median(mesh.map((value, round) => value - (others[round] ?? Number.NaN)));
      return [
        { name: 'a share alone in a process', value: median(alone), unit: '% of a core' },
        { name: 'a process of --workers', value: median(local), unit: '% of a core' },
        { name: 'a worker of --mesh', value: median(mesh), unit: '% of a core' },
        { name: 'a worker over a process of --workers', value: over(local), unit: '% of a core' },
        { name: 'a worker over a share alone', value: over(alone), unit: '% of a core' },
      ];
    } finally {
      workers.stop();
      nats.stop();
    }
  },
};
