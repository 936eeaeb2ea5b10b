import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Target } from '../../lib/target/target.js';
import { atTarget } from './atTarget.js';
import { config } from './config.js';
import { type Bench, phoutRows } from './elpis.js';

/** 40 operations at once for one instance, each 300 ms: Pandora's rule discards what is overdue by 2 s. */
const TOO_MUCH = {
  uris: '"/delay/300 slow"',
  rps: '{type: once, times: 40}',
  startup: '{type: once, times: 1}',
};

interface Summary {
  readonly pools: readonly {
    readonly total: { readonly shots: number };
    readonly notShot?: { readonly count: number };
  }[];
}

describe('a strict run', () => {
  let target: Target;
  let bench: Bench;
  atTarget((freshBench, freshTarget) => {
    bench = freshBench;
    target = freshTarget;
  });
  const address = (): string => `127.0.0.1:${target.port}`;

  it('fails with exit code 4 and the share of operations that were not shot, after everything is written', async () => {
    bench.write('load.yaml', config(address(), TOO_MUCH));
    const { code, stderr } = await bench.run(['run', 'load.yaml', '--strict', '--quiet', '--summary-json', 's.json']);
    const [pool] = (JSON.parse(bench.read('s.json')) as Summary).pools;
    const notShot = pool?.notShot?.count ?? 0;
    assert.ok(notShot > 0, 'the policy discards');
    assert.equal(code, 4);
    assert.match(stderr, /the run is INVALID: .*% of the planned operations were not shot: 1 instance, 0\.3/);
    assert.match(stderr, /ELPIS_VERDICT/);
    assert.equal(pool?.total.shots, 40 - notShot);
    assert.equal(
      phoutRows(bench.read('phout.log')).filter(([, tag]) => tag?.startsWith('slow')).length >= 40 - notShot,
      true,
    );
  });

  it('can also be selected by the key of the config, also with threads', async () => {
    const extra = 'strict: true\nthreads: 2';
    const startup = '{type: once, times: 2}';
    bench.write('load.yaml', config(address(), { ...TOO_MUCH, startup, extra }));
    const { code, stderr } = await bench.run(['run', 'load.yaml', '--quiet']);
    assert.equal(code, 4);
    assert.match(stderr, /% of the planned operations were not shot: 2 instances/);
  });

  it('that shot everything in time is a success, as it is without strict', async () => {
    bench.write('load.yaml', config(address(), TOO_MUCH));
    assert.equal((await bench.run(['run', 'load.yaml', '--quiet'])).code, 0);
    const hit = [
      'hit',
      `${address()}/`,
      '--rps',
      '5',
      '--for',
      '1s',
      '--strict',
      '--quiet',
      '--summary-json',
      's.json',
    ];
    const { code, stderr } = await bench.run(hit);
    const { verdict } = JSON.parse(bench.read('s.json')) as { verdict: { level: string } };
    // A busy machine may be late; then strict reports it.
    assert.equal(code, verdict.level === 'VALID' ? 0 : 4, stderr);
  });
});
