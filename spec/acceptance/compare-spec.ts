import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { config } from './config.js';
import { Bench } from './elpis.js';

describe('elpis compare', () => {
  const bench = new Bench();
  after(() => bench.remove());
  before(async () => {
    bench.write(
      'load.yaml',
      config('model:1', { rps: '{type: const, ops: 100, duration: 60s}', startup: '{type: once, times: 50}' }),
    );
    for (const [name, median, seed] of [
      ['a1', 20, 1],
      ['a2', 20, 2],
      ['b1', 24, 3],
    ] as const) {
      const model = `lognormal(median=${median}ms, p99=${4 * median}ms)`;
      const { code, stderr } = await bench.run([
        'rehearse',
        'load.yaml',
        '--target',
        model,
        '--seed',
        String(seed),
        '--record',
        `${name}.elp`,
      ]);
      assert.equal(code, 0, stderr);
    }
  });

  it('finds no difference between two runs of one system', async () => {
    const { code, stdout, stderr } = await bench.run(['compare', 'a1.elp', 'a2.elp', '--fail-if', 'p50 +5%']);
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(stdout, /^# a2\.elp compared with a1\.elp\n\nNo difference was found: none of \d+ numbers/);
    assert.match(stdout, /^\| main \| all \| one \| p50 \| /m);
  });

  it('finds a slower system, fails by a condition, and says the same again', async () => {
    const args = ['compare', 'a1.elp', 'b1.elp', '--fail-if', 'p50 +5%', '--fail-if', 'rate -5%'];
    const first = await bench.run(args);
    assert.equal(first.code, 1);
    assert.match(
      first.stdout,
      /- FAILED `p50 \+5%`: The p50 of pool "main" is higher: 2\d\.\d ms instead of (19|20)\.\d ms, \+/,
    );
    assert.ok(!first.stdout.includes('FAILED `rate'));
    assert.deepEqual(await bench.run(args), first);
    const { differences } = JSON.parse((await bench.run(['compare', 'a1.elp', 'b1.elp', '--json'])).stdout) as {
      differences: { metric: string; verdict: string }[];
    };
    assert.ok(differences.some(({ metric, verdict }) => metric === 'p50' && verdict === 'higher'));
  });

  it('takes several runs of the baseline', async () => {
    const { code, stdout } = await bench.run(['compare', 'b1.elp', '--baseline', 'a1.elp', '--baseline', 'a2.elp']);
    assert.equal(code, 0);
    assert.match(stdout, /^# b1\.elp compared with a1\.elp, a2\.elp/);
  });

  it('refuses one record, another file and a wrong condition; a condition without a number fails', async () => {
    for (const [args, exit, message] of [
      [['a1.elp'], 2, /expected two records, got one/],
      [['a1.elp', 'load.yaml'], 2, /load\.yaml:1: expected the header of a record/],
      [['a1.elp', 'a2.elp', '--fail-if', 'p98 +1%'], 2, /--fail-if: expected rate, errors/],
      [['a1.elp', 'a2.elp', '--fail-if', 'p99 +9% of x'], 1, /--fail-if p99 \+9% of x: there is no such number/],
    ] as const) {
      const { code, stderr } = await bench.run(['compare', ...args]);
      assert.equal(code, exit, stderr);
      assert.match(stderr, message);
    }
  });
});
