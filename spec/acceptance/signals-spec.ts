// Timed: it keeps a processor busy.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Target } from '../../lib/target/target.js';
import { atTarget } from './atTarget.js';
import { config } from './config.js';
import { type Bench, phoutRows } from './elpis.js';

/** A gun that never returns from its 20th shot: a loop, or a regular expression. */
const LOOPS = `import { writeFileSync } from 'node:fs';
import { component, struct, NetSample } from 'elpis';
import { of } from 'rxjs';
const endless = {
  while: () => { for (;;); },
  regex: () => /^(a+)+$/.test('a'.repeat(60) + '!'),
};
export default component({
  kind: 'gun', name: 'loops', summary: 'Loops.', options: struct('loops', {}),
  create: (_options, { scheduler }) => ({
    create: () => ({
      shoot: (_ammo, shot) => {
        if (shot.index === 20) {
          writeFileSync('looping', '');
          endless[process.env.LOOP]();
        }
        return of(NetSample.of(shot).end(scheduler.now(), 200));
      },
    }),
  }),
});
`;

describe('signals', () => {
  let target: Target;
  let bench: Bench;
  atTarget((freshBench, freshTarget) => {
    bench = freshBench;
    target = freshTarget;
  });

  const write = (more: Parameters<typeof config>[1] = {}): void => {
    const rps = '{type: const, ops: 100, duration: 60s}';
    bench.write('load.yaml', config(`127.0.0.1:${target.port}`, { rps, ...more }));
  };
  const shooting = async (): Promise<void> => {
    while (target.stats().total < 20) await delay(20);
  };

  const looping = async (): Promise<void> => {
    while (!existsSync(join(bench.folder, 'looping'))) await delay(20);
    // The thread that sees signals while the event loop is blocked starts beside the run.
    await delay(1500);
  };

  it('SIGHUP ends a run as SIGTERM does: results are flushed, the summary is printed, the code is 129', async () => {
    write();
    const { child, finished } = bench.start(['run', 'load.yaml', '--summary-json', 's.json']);
    await shooting();
    child.kill('SIGHUP');
    const { code, stdout, stderr } = await finished;
    assert.equal(code, 129, stderr);
    assert.match(stderr, /SIGHUP: stopping, shots under way may take up to 3 s/);
    const { shots } = JSON.parse(bench.read('s.json')).pools[0].total as { shots: number };
    assert.ok(shots >= 20);
    const rows = phoutRows(bench.read('phout.log'));
    // Operations that were due and not yet sent have rows, too.
    const sent = rows.filter(([, tag = '']) => !tag.startsWith('unfinished'));
    assert.equal(sent.length, target.stats().total, 'shots under way may finish');
    assert.match(stdout, /lateness/);
  });

  it('the summary as JSON is complete after any number of signals at the end', async () => {
    write({ rps: '{type: const, ops: 100, duration: 300ms}' });
    for (let round = 0; round < 5; round++) {
      const before = target.stats().total;
      bench.write('s.json', '"old"');
      const { child, finished } = bench.start(['run', 'load.yaml', '--summary-json', 's.json']);
      while (target.stats().total < before + 25) await delay(5);
      const storm = setInterval(() => child.kill('SIGINT'), 3);
      const { stderr } = await finished;
      clearInterval(storm);
      assert.equal(JSON.parse(bench.read('s.json')).pools?.length, 1, stderr);
      assert.deepEqual(
        readdirSync(bench.folder).filter((name) => name.includes('.part')),
        [],
      );
    }
  });

  it('a file for the summary that cannot be written fails before the first shot', async () => {
    write();
    const { code, stderr } = await bench.run(['run', 'load.yaml', '--summary-json', 'no/such/s.json']);
    assert.equal(code, 2);
    assert.match(stderr, /cannot write no\/such\/s\.json: ENOENT/);
    write({ extra: 'observers: [{type: summary-json, file: no/such/s.json}]' });
    assert.equal((await bench.run(['run', 'load.yaml'])).code, 2);
    assert.equal(target.stats().total, 0);
  });

  for (const threads of [1, 2]) {
    it(`a result whose pipe has no reader, threads: ${threads}: the second signal ends the run, which reports the lost samples`, async () => {
      execFileSync('mkfifo', [join(bench.folder, 'fifo')]);
      write({ result: '[{type: phout, destination: fifo}, {type: jsonlines, sink: j.log}]' });
      const { child, finished } = bench.start(['run', 'load.yaml', '--threads', String(threads)]);
      await shooting();
      child.kill('SIGINT');
      await delay(300);
      child.kill('SIGINT');
      const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
      const { stdout, stderr } = await finished;
      assert.deepEqual([code, signal], [null, 'SIGKILL'], stderr);
      assert.match(stderr, /ELPIS_ABANDONED/);
      assert.match(stderr, /not finished: pools "main"/);
      if (threads === 1) assert.match(`${stdout}${stderr}`, /phout: \d+ samples are not written to fifo/);
      assert.match(stderr, /kills itself/);
      assert.match(stdout, /lateness/, 'the summary has what was recorded');
      // Operations that were due and not shot are recorded too.
      assert.ok(bench.read('j.log').trim().split('\n').length >= target.stats().total);
    });
  }

  it('a result whose pipe has no reader: without a signal the run ends at close-timeout and reports the lost samples', async () => {
    execFileSync('mkfifo', [join(bench.folder, 'fifo')]);
    write({
      rps: '{type: const, ops: 100, duration: 500ms}',
      result: '{type: phout, destination: fifo, close-timeout: 1s}',
    });
    const { child, finished } = bench.start(['run', 'load.yaml']);
    const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
    const { stdout, stderr } = await finished;
    assert.match(
      stderr,
      /cannot write results to fifo: it has not closed 1 s after the last sample; 50 samples are not written/,
    );
    assert.match(stdout, /lateness/);
    assert.equal(signal, 'SIGKILL', 'Node cannot exit while the pipe is being opened');
    assert.match(stderr, /instead of ending with code 1/);
  });

  for (const loop of ['while', 'regex']) {
    it(`a gun with an endless ${loop}, one thread: the second signal ends the process, with a message`, async () => {
      bench.write('loops.ts', LOOPS);
      write({ extra: 'plugins: [./loops.ts]' });
      bench.write('load.yaml', bench.read('load.yaml').replace(/gun: .*/, 'gun: {type: loops}'));
      const { child, finished } = bench.start(['run', 'load.yaml'], { LOOP: loop });
      await looping();
      child.kill('SIGINT');
      await delay(200);
      child.kill('SIGTERM');
      const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
      assert.deepEqual([code, signal], [null, 'SIGKILL']);
      assert.match((await finished).stderr, /has not ended 3 s after the second signal: its event loop is blocked/);
    });
  }

  it('a gun with an endless loop in one of two threads: the second signal terminates it, and the summary is printed', async () => {
    bench.write('loops.ts', LOOPS);
    write({ extra: 'plugins: [./loops.ts]' });
    bench.write('load.yaml', bench.read('load.yaml').replace(/gun: .*/, 'gun: {type: loops}'));
    const { child, finished } = bench.start(['run', 'load.yaml', '--threads', '2'], { LOOP: 'while' });
    await looping();
    child.kill('SIGINT');
    await delay(200);
    child.kill('SIGINT');
    const { code, stdout, stderr } = await finished;
    assert.equal(code, 1, stderr);
    assert.match(stderr, /ELPIS_ABANDONED/);
    assert.match(stdout, /lateness/);
  });

  it('an open timer of the user does not keep the process running', async () => {
    bench.write('loops.ts', `setInterval(() => undefined, 100);\n${LOOPS}`);
    write({ rps: '{type: const, ops: 10, duration: 200ms}', extra: 'plugins: [./loops.ts]' });
    const { code, stderr } = await bench.run(['run', 'load.yaml']);
    assert.equal(code, 0, stderr);
  });
});
