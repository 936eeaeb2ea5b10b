// Timed: it measures delays of the generator, and keeps a processor busy.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PoolJson, SummaryJson } from '../../lib/report/summaryJson.js';
import { Bench, BIN } from './elpis.js';

/**
 * The generator is stalled in three ways; the target responds at once, so all delays count as lateness of the
 * generator.
 */
describe('a stalled generator', () => {
  let bench: Bench;
  let server: Server;
  let onRequest: (() => void) | undefined;
  const running: ChildProcess[] = [];

  before(async () => {
    bench = new Bench();
    server = createServer({ noDelay: true }, (socket) => {
      socket.on('error', () => undefined);
      socket.on('data', () => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
        onRequest?.();
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  after(() => {
    for (const child of running) child.kill('SIGKILL');
    server.close();
    bench.remove();
  });

  const config = (rps: string, more = ''): string => `
pools:
  - gun: {type: http, target: "127.0.0.1:${(server.address() as AddressInfo).port}"}
    ammo: {type: uri, uris: ["/"]}
    result: {type: discard}
    rps: ${rps}
    startup: {type: once, times: 5}
${more}`;
  const OPEN = '{type: const, ops: 200, duration: 5s}';
  const SHORT = '{type: const, ops: 200, duration: 3s}';

  async function played(yaml: string, whileRunning?: (child: ChildProcess) => Promise<void>) {
    bench.write('load.yaml', yaml);
    const child = spawn(process.execPath, [BIN, 'run', 'load.yaml', '-q', '--summary-json', 'summary.json'], {
      cwd: bench.folder,
      stdio: 'ignore',
    });
    running.push(child);
    const ended = once(child, 'exit');
    await whileRunning?.(child);
    assert.deepEqual(await ended, [0, null]);
    const { pools, verdict } = JSON.parse(readFileSync(`${bench.folder}/summary.json`, 'utf8')) as SummaryJson;
    return { ...(pools[0] as PoolJson), verdict };
  }
  const firstRequest = (): Promise<void> =>
    new Promise((resolve) => {
      onRequest = () => {
        onRequest = undefined;
        resolve();
      };
    });
  async function stopped(child: ChildProcess): Promise<void> {
    await firstRequest();
    await sleep(500);
    child.kill('SIGSTOP');
    await sleep(3000);
    child.kill('SIGCONT');
  }

  it('by SIGSTOP for 3 s: the backlog is lateness, not slot wait', { timeout: 60_000 }, async () => {
    const { latenessMs, slotWaitMs, verdict, total, notShot } = await played(config(OPEN), stopped);
    // 600 of 1000 operations were due in the stall. Those that were overdue by 2 s were discarded, because the generator was late.
    assert.deepEqual([total.shots + total.discarded, total.discardedLate], [1000, total.discarded]);
    assert.match(notShot?.text ?? '', /were not shot: the generator was late$/);
    assert.ok(latenessMs.p90 > 10 * slotWaitMs.p90, `lateness ${latenessMs.p90}, slot wait ${slotWaitMs.p90}`);
    assert.deepEqual([verdict.level, verdict.reasons.some(({ code }) => code === 'lateness')], ['INVALID', true]);
  });

  it('by SIGSTOP in a closed loop: the event loop shows it', { timeout: 60_000 }, async () => {
    const { verdict, slotWaitMs } = await played(config('{type: unlimited, duration: 5s}'), stopped);
    assert.equal(slotWaitMs.max, 0);
    assert.equal(verdict.level, 'INVALID');
    assert.ok(verdict.reasons.some(({ text }) => /do not trust these times/.test(text)));
    assert.ok(verdict.reasons.some(({ code }) => code === 'stopped'));
  });

  it('by an operator of the user that blocks for 2 s', { timeout: 60_000 }, async () => {
    bench.write(
      'block.mjs',
      `import { defineOperator, struct } from 'elpis';
import { tap } from 'rxjs';
let seen = 0;
const block = () => {
  if (++seen !== 100) return;
  const end = performance.now() + 2000;
  while (performance.now() < end);
};
export default defineOperator('samples', {
  name: 'block',
  summary: 'Blocks for 2 s.',
  options: struct('block', {}),
  create: () => tap(block),
});
`,
    );
    const operators = '    operators:\n      samples: [{use: ./block.mjs}]\n';
    const { latenessMs, slotWaitMs, verdict } = await played(config(SHORT, operators));
    assert.ok(latenessMs.p90 > 10 * slotWaitMs.p90, `lateness ${latenessMs.p90}, slot wait ${slotWaitMs.p90}`);
    assert.equal(verdict.level, 'INVALID');
  });

  it('by two other processes on the same core: slot wait is below the lateness of the generator', {
    timeout: 60_000,
  }, async () => {
    const busy: ChildProcess[] = [];
    const pin = (child: ChildProcess): void => {
      spawn('taskset', ['-acp', '0', String(child.pid)], { stdio: 'ignore' }).on('error', () => undefined);
    };
    const { latenessMs, slotWaitMs } = await played(config(SHORT), async (child) => {
      for (let i = 0; i < 2; i++) busy.push(spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }));
      running.push(...busy);
      for (const each of [child, ...busy]) pin(each);
    });
    for (const each of busy) each.kill('SIGKILL');
    assert.ok(latenessMs.mean > slotWaitMs.mean, `lateness ${latenessMs.mean}, slot wait ${slotWaitMs.mean}`);
  });
});
