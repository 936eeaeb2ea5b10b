import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Target } from '../../lib/target/target.js';
import { atTarget } from './atTarget.js';
import { config } from './config.js';
import type { Bench } from './elpis.js';

interface Pool {
  readonly total: { readonly shots: number };
  readonly badAmmo?: readonly { readonly kind: string; readonly count: number; readonly first: readonly string[] }[];
}

describe('bad ammo in the summary', () => {
  let target: Target;
  let bench: Bench;
  atTarget((freshBench, freshTarget) => {
    bench = freshBench;
    target = freshTarget;
  });

  const pools = (): readonly Pool[] => (JSON.parse(bench.read('s.json')) as { readonly pools: readonly Pool[] }).pools;

  for (const threads of [1, 3]) {
    it(`has the items that were skipped, by kind with the first places, once: ${threads} threads`, async () => {
      bench.write('a.uri', `${'/ good\n/%\n'.repeat(500)}[A]\n`);
      const ammo = 'type: uri, file: a.uri, passes: 3, continueonerror: true}';
      const text = config(`127.0.0.1:${target.port}`, {
        rps: '{type: once, times: 2000}',
        extra: `    discard_overflow: false\nthreads: ${threads}`,
      });
      bench.write('load.yaml', text.replace(/type: uri, .*\}/, ammo));
      const { code, stdout, stderr } = await bench.run(['load.yaml', '--summary-json', 's.json']);
      assert.equal(code, 0, stderr);
      const [pool] = pools();
      assert.equal(pool?.total.shots, 1500);
      assert.deepEqual(pool?.badAmmo, [
        {
          kind: 'bad-uri',
          count: 500,
          first: [2, 4, 6].map((line) => `a.uri:${line}: "/%" is not a URI`),
        },
        { kind: 'bad-header-line', count: 1, first: ['a.uri:1001: "[A]" is not a header line'] },
      ]);
      assert.match(
        stdout,
        /\n {2}bad ammo, bad-uri: 500 items\n {4}a\.uri:2: "\/%" is not a URI\n[\s\S]*\n {4}and 497 more\n/,
      );
      assert.match(
        stdout,
        /\n {2}bad ammo, bad-header-line: 1 item\n {4}a\.uri:1001: "\[A\]" is not a header line\n\n/,
      );
    });
  }

  it('is there when the run fails', async () => {
    bench.write('a.uripost', `3 /\nabc\n-4 /\n3 /\nabc\n999999999999 /\n${'x'.repeat(50)}`);
    const text = config(`127.0.0.1:${target.port}`, { rps: '{type: once, times: 100}' });
    const ammo = 'type: uripost, file: a.uripost, passes: 1, continueonerror: true}';
    bench.write('load.yaml', text.replace(/type: uri, .*\}/, ammo).replace('./phout.log', '/dev/full'));
    const { code } = await bench.run(['load.yaml', '--quiet', '--summary-json', 's.json']);
    assert.equal(code, 1);
    assert.equal(pools()[0]?.badAmmo?.[0]?.kind, 'bad-size');
  });
});
