import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Target } from '../../lib/target/target.js';
import { atTarget } from './atTarget.js';
import { config } from './config.js';
import type { Bench } from './elpis.js';

describe('elpis capacity', () => {
  let target: Target;
  let bench: Bench;
  atTarget((freshBench, freshTarget) => {
    bench = freshBench;
    target = freshTarget;
  });
  const quick = ['--measure', '1s', '--settle', '0s', '--threshold', 'errors < 1%', '--set', 'capacity.repeats=1'];
  /** Ten instances and shots of 50 ms: at most 200 per second. */
  const limited = () =>
    config(`127.0.0.1:${target.port}`, {
      ...{ uris: '"/delay/50 slow"', rps: '{type: const, ops: 1, duration: 1s}', startup: '{type: once, times: 10}' },
      result: '{type: discard}',
      // A busy machine delays the generator, which is not what is searched here.
      extra: 'verdict: {lateness: 10s}',
    });

  it('finds the rate that ten instances sustain against a real server, and ends with success', async () => {
    bench.write('load.yaml', limited());
    const args = ['--from', '50', '--to', '2000', '--set', 'capacity.precision=0.2', '--record', 'run.elp'];
    const { code, stdout, stderr } = await bench.run(['capacity', 'load.yaml', ...args, ...quick]);
    assert.equal(code, 0, stderr + stdout);
    const [, found] = /^ {2}([\d,.]+) ± [\d.]+ per second, limited by /m.exec(stdout) ?? [];
    const rate = Number(found?.replace(',', ''));
    assert.ok(rate > 40 && rate < 400, stdout);
    const last = bench
      .read('run.elp')
      .split('\n')
      .filter((line) => line.startsWith('{"type":"capacity"'))
      .map((line) => JSON.parse(line) as { state: { phase: string; estimate: { perSecond: number } | null } })
      .at(-1);
    assert.equal(last?.state.phase, 'done');
    assert.ok(Math.abs((last?.state.estimate?.perSecond ?? 0) / rate - 1) < 0.01);
  });

  it('searches in a rehearsal by the key of the config', async () => {
    const extra = 'thresholds: ["p99(response) < 100ms"]\ncapacity: {from: 40, to: 2000, measure: 10s, settle: 2s}';
    const more = {
      rps: '{type: const, ops: 1, duration: 1s}',
      startup: '{type: once, times: 500}',
      result: '{type: discard}',
      extra,
    };
    bench.write('load.yaml', config('127.0.0.1:1', { ...more, uris: '"/ home"' }));
    const { code, stdout, stderr } = await bench.run([
      'rehearse',
      'load.yaml',
      '--target',
      'queue(servers=4, service=20ms, limit=1000)',
    ]);
    assert.equal(code, 0, stderr);
    // 4 servers of 20 ms sustain 200 per second.
    assert.match(stdout, /^ {2}(19\d|20\d)(\.\d)? ± \d+(\.\d)? per second, limited by /m);
  });

  it('refuses wrong keys at their places, all at once', async () => {
    const extra = 'capacity: {from: 100, to: 50, pool: shop, method: guess}';
    bench.write('load.yaml', config('127.0.0.1:1', { extra }));
    const { code, stderr } = await bench.run(['run', 'load.yaml']);
    assert.equal(code, 2);
    assert.match(stderr, /capacity\.method: .*one of/);
    bench.write('load.yaml', config('127.0.0.1:1', { extra: 'capacity: {from: 100, to: 50}' }));
    assert.match((await bench.run(['run', 'load.yaml'])).stderr, /capacity\.to: .*a rate above from, which is 100/);
    bench.write('load.yaml', config('127.0.0.1:1', { extra: 'capacity: {from: 1, to: 50, pool: shop}' }));
    assert.match((await bench.run(['run', 'load.yaml'])).stderr, /capacity\.pool: .*one of the pools "main"/);
  });
});
