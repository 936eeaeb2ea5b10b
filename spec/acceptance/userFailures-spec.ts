import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { Bench } from './elpis.js';
import { CONFIG, MODULE, PLACE } from './userModule.js';

describe('a failure in code of the user, by the command line', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = new Bench();
    bench.write('mine.ts', MODULE);
    bench.write('load.yaml', CONFIG);
  });
  afterEach(() => bench.remove());

  const pool = /pool "main": /;
  const FAILURES: readonly [way: string, exitCode: number, code: string, ...said: RegExp[]][] = [
    ['module', 2, 'ELPIS_CONFIG', /plugins\[0\]: .* cannot be used/],
    ['codec', 2, 'ELPIS_CONFIG', /load\.yaml:4:10 {2}pools\[0\]\.gun: the codec of gun "mine" failed/],
    ['create', 2, 'ELPIS_PLUGIN', pool, /gun "mine" cannot be made/],
    ['factory', 2, 'ELPIS_PLUGIN', pool, /operator "late" cannot be made/],
    ['operator', 2, 'ELPIS_OPERATOR', pool, /operator "late" of ticks failed/],
    ['tick', 1, 'ELPIS_OPERATOR', pool, /operator "late" of ticks failed/],
    ['warm-up', 1, 'ELPIS_GUN', pool, /the warm-up of gun "mine" failed/],
    ['gun create', 1, 'ELPIS_GUN', pool, /gun "mine" of instance 0 cannot be made/],
    ['shoot', 1, 'ELPIS_SHOT', pool, /gun "mine" failed/],
  ];
  for (const [way, exitCode, code, ...said] of FAILURES) {
    for (const threads of way === 'shoot' ? [1, 2] : [1]) {
      it(`${way}, threads: ${threads}: the error has the component, the place in the source, the pool, the message and the page of the docs`, async () => {
        const { code: exit, stderr } = await bench.run(['run', 'load.yaml', '-q', '--threads', String(threads)], {
          env: { WAY: way },
        });
        assert.equal(exit, exitCode, stderr);
        for (const part of [PLACE, new RegExp(`broken ${way}`), ...said]) assert.match(stderr, part);
        assert.equal(stderr.match(PLACE)?.[1], '78', 'the column of the source');
        assert.match(stderr, new RegExp(`^code {3}${code}: see docs/ERRORS\\.md#${code.toLowerCase()}$`, 'm'));
        assert.doesNotMatch(stderr, /report it|unexpected|node:internal/);
        assert.equal(stderr.match(/pool "main"/g)?.length ?? 0, said.includes(pool) ? 1 : 0, `${stderr} names it once`);
      });
    }
  }
});
