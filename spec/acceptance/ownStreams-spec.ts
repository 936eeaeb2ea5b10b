import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Target } from '../../lib/target/target.js';
import { atTarget } from './atTarget.js';
import { config } from './config.js';
import { type Bench, phoutRows } from './elpis.js';

describe('streams of the process that fail', () => {
  let target: Target;
  let bench: Bench;
  atTarget((freshBench, freshTarget) => {
    bench = freshBench;
    target = freshTarget;
  });

  const write = (more: Parameters<typeof config>[1] = {}): void => {
    const rps = '{type: const, ops: 250, duration: 200ms}';
    bench.write('load.yaml', config(`127.0.0.1:${target.port}`, { rps, ...more }));
  };
  const rows = (): number => phoutRows(bench.read('phout.log')).length;

  it('stderr without a reader before the first progress line: every operation is shot and the summary is printed', async () => {
    write({ rps: '{type: const, ops: 20, duration: 6s}' });
    const { child, finished } = bench.start(['run', 'load.yaml']);
    child.stderr?.destroy();
    const { code, stdout } = await finished;
    assert.equal(code, 0, stdout);
    assert.deepEqual([target.stats().total, rows()], [120, 120]);
    assert.match(stdout, /120 of 120 planned|120/);
  });

  for (const threads of [1, 2]) {
    it(`stdout without a reader, threads: ${threads}: results and the summary as JSON are written, and the code is 0`, async () => {
      write();
      const args = ['run', 'load.yaml', '--threads', String(threads), '--summary-json', 's.json'];
      const { child, finished } = bench.start(args);
      child.stdout?.destroy();
      const { code, stderr } = await finished;
      assert.equal(code, 0, stderr);
      assert.equal(JSON.parse(bench.read('s.json')).pools[0].total.shots, 50);
      assert.equal(rows(), 50);
      assert.doesNotMatch(stderr, /EPIPE|Error/);
    });
  }

  it('a result on stdout without a reader cannot be written: the run fails with the number of lost samples', async () => {
    write({ result: '{type: phout}' });
    const { child, finished } = bench.start(['run', 'load.yaml', '--summary-json', 's.json']);
    child.stdout?.destroy();
    const { code, stderr } = await finished;
    assert.equal(code, 1);
    assert.match(stderr, /cannot write results to stdout: .*EPIPE.*\d+ samples? (is|are) not written/);
    assert.equal(JSON.parse(bench.read('s.json')).pools.length, 1);
  });

  it('stdout on a full disk: the results are written, and the code is 1', async () => {
    write();
    const { code, stderr } = await bench.shell('"$NODE" "$ELPIS" run load.yaml --summary-json s.json > /dev/full');
    assert.equal(code, 1);
    assert.match(stderr, /standard output cannot be written: ENOSPC/);
    assert.equal(JSON.parse(bench.read('s.json')).pools[0].total.shots, 50);
    assert.equal(rows(), 50);
  });

  it('the log on a full disk: reported once, and the run continues', async () => {
    write({ extra: 'log: {level: debug, file: /dev/full}' });
    const { code, stderr } = await bench.run(['run', 'load.yaml', '-q']);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /^the log cannot be written to \/dev\/full: ENOSPC.*; the run continues without it\n$/);
    assert.equal(rows(), 50);
  });

  it('the answlog on a full disk: every operation is shot, the number of lost records is reported, and the code is 1', async () => {
    write();
    bench.write(
      'load.yaml',
      bench
        .read('load.yaml')
        .replace('{type: http,', '{type: http, answlog: {enabled: true, path: /dev/full, filter: all},'),
    );
    const { code, stderr } = await bench.run(['run', 'load.yaml']);
    assert.equal(code, 1);
    assert.match(stderr, /answlog \/dev\/full: ENOSPC.*; 50 of 50 logged responses are lost/);
    assert.equal(rows(), 50);
  });

  it('a result on a full disk: the run fails with the number of lost samples, and the summary has all shots', async () => {
    write({ result: '{type: phout, destination: /dev/full}' });
    const { code, stdout, stderr } = await bench.run(['run', 'load.yaml']);
    assert.equal(code, 1);
    assert.match(stderr, /phout: cannot write results to \/dev\/full: ENOSPC.*; \d+ samples are not written/);
    assert.match(stdout, /stopped|shots|operations/);
  });

  for (const [command, code] of [
    ['ammo load.yaml --limit 20000', 0],
    ['ammo load.yaml --limit 20000 --json', 0],
    ['plan load.yaml --ticks 300000', 0],
    ['schema', 0],
    ['check load.yaml', 0],
    ['plugins', 0],
  ] as const) {
    it(`${command} | head -1 ends without a message with code ${code}`, async () => {
      write({ rps: '{type: const, ops: 100000, duration: 10s}' });
      const script = `set -o pipefail; "$NODE" "$ELPIS" ${command} 2> err | head -1`;
      const { code: ended, stdout } = await bench.shell(script);
      assert.equal(bench.read('err'), '');
      assert.equal(ended, code);
      assert.equal(stdout.trim().split('\n').length, 1);
    });
  }

  it('an output command on a full disk reports the error, and the code is 1', async () => {
    write();
    const { code, stderr } = await bench.shell('"$NODE" "$ELPIS" schema > /dev/full');
    assert.equal(code, 1);
    assert.match(stderr, /standard output cannot be written: ENOSPC/);
  });
});
