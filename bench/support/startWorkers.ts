import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ELPIS } from './folders.js';

/** Processes of `elpis worker`, and how a run finds them. */
export interface Workers {
  readonly pids: readonly number[];
  /** The options of `elpis run` for this group. */
  readonly options: readonly string[];
  /** Waits until so many of their lines match. */
  logged(pattern: RegExp, times: number): Promise<void>;
  stop(): void;
}

/** Starts workers of this machine, which wait for runs. */
export async function startWorkers(count: number, natsPort: number): Promise<Workers> {
  const folder = mkdtempSync(join(tmpdir(), 'elpis-bench-workers-'));
  const connecting = ['--mesh', `nats://127.0.0.1:${natsPort}`, '--group', 'bench'];
  let log = '';
  const children = Array.from({ length: count }, (_, i) => {
    const own = ['--name', `w${i}`, '--dir', join(folder, `w${i}`), '--allow', 'modules'];
    const child = spawn(process.execPath, [ELPIS, 'worker', ...connecting, ...own], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
    return child;
  });
  const stop = (): void => {
    for (const child of children) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', stop);
  const workers: Workers = {
    pids: children.flatMap(({ pid }) => (pid === undefined ? [] : [pid])),
    options: [...connecting, '--workers', String(count)],
    stop,
    logged: async (pattern, times) => {
      const matching = (): number => log.split('\n').filter((line) => pattern.test(line)).length;
      for (let tries = 0; tries < 1200; tries++) {
        if (matching() >= times) return;
        await delay(25);
      }
      throw new Error(`${matching()} of ${times} lines match ${pattern} after 30 s:\n${log}`);
    },
  };
  await workers.logged(/waits for runs/, count);
  return workers;
}
