import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { Bench, phoutRows } from './elpis.js';
import { CONFIG, MODULE, PLACE } from './userModule.js';

describe('a failure of code of the user that Elpis did not call, by the command line', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = new Bench();
    bench.write('mine.ts', MODULE);
    bench.write('load.yaml', CONFIG);
  });
  afterEach(() => bench.remove());

  for (const [way, threads, said] of [
    ['rejection', 1, /a promise was rejected, and no code handles it: broken rejection/],
    ['rejection', 2, /a promise was rejected, and no code handles it: broken rejection/],
    ['timer', 1, /an exception was thrown outside of any call by Elpis: broken timer/],
  ] as const) {
    it(`${way} outside of any call, threads: ${threads}: the run ends, keeps its results, and reports the error and its place`, async () => {
      const { code, stdout, stderr } = await bench.run(['run', 'load.yaml', '--threads', String(threads)], {
        env: { WAY: way },
      });
      assert.equal(code, 1, stderr);
      assert.match(stderr, said);
      assert.match(stderr, PLACE);
      assert.match(stderr, /ELPIS_UNCAUGHT: see docs\/ERRORS\.md#elpis_uncaught/);
      assert.doesNotMatch(stderr, /Node\.js v|triggerUncaughtException/);
      assert.ok(phoutRows(bench.read('phout.log')).length >= 1, 'what was under way is recorded');
      assert.match(stdout, /unfinished/);
    });
  }

  it('a rejection while the module is loaded ends the command before anything is shot', async () => {
    bench.write('mine.ts', `${MODULE}void Promise.reject(new Error('early'));\n`);
    const { code, stderr } = await bench.run(['run', 'load.yaml', '-q']);
    assert.equal(code, 2, stderr);
    assert.match(stderr, /early/);
    assert.match(stderr, /mine\.ts:51:21/);
    assert.doesNotMatch(stderr, /Node\.js v/);
  });
});
