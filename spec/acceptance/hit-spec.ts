import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Target } from '../../lib/target/target.js';
import { atTarget } from './atTarget.js';
import type { Bench } from './elpis.js';

describe('elpis hit', () => {
  let target: Target;
  let bench: Bench;
  atTarget((freshBench, freshTarget) => {
    bench = freshBench;
    target = freshTarget;
  });

  it('shoots one URL at a rate, with method, headers and body', async () => {
    const { code, stdout } = await bench.run([
      'hit',
      `${target.url}/echo?a=1`,
      '--rps',
      '50',
      '--for',
      '1s',
      '--instances',
      '3',
      '--body',
      'hello',
      '--header',
      'X-A: b',
    ]);
    assert.equal(code, 0);
    assert.match(stdout, /50 of 50 planned/);
    assert.deepEqual(target.stats().methods, { POST: 50 });
  });

  it('without a rate is a closed loop', async () => {
    const { code } = await bench.run([
      'hit',
      `127.0.0.1:${target.port}/`,
      '--for',
      '1s',
      '-q',
      '--summary-json',
      's.json',
    ]);
    const { pools } = JSON.parse(bench.read('s.json')) as {
      pools: { planned: { count: null }; total: { shots: number } }[];
    };
    assert.equal(code, 0);
    assert.equal(pools[0]?.planned.count, null);
    assert.equal(pools[0]?.total.shots, target.stats().total);
    assert.ok(target.stats().total > 50, 'some of the 50 instances shot again');
  });

  const wrong: readonly [args: readonly string[], message: RegExp][] = [
    [['ftp://x/'], /not an http or https URL/],
    [['http://x/', '--header', 'nonsense'], /expected "Name: value"/],
    [['http://x/', '--for', '10'], /duration.*10/s],
    [['http://x/', '--rps', '-1'], /--rps/],
    [['http://x/', '--pacing', 'fast'], /relaxed, precise/],
  ];
  for (const [args, message] of wrong) {
    it(`refuses ${args.join(' ')}`, async () => {
      const { code, stderr } = await bench.run(['hit', ...args]);
      assert.equal(code, 2);
      assert.match(stderr, message);
    });
  }
});
