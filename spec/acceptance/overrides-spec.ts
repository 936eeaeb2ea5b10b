import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startTarget, type Target } from '../../lib/target/target.js';
import { Bench } from './elpis.js';

describe('options that change a config for one run', () => {
  const bench = new Bench();
  let target: Target;
  before(async () => {
    target = await startTarget();
  });
  after(async () => {
    await target.close();
    bench.remove();
  });

  for (const threads of [1, 2])
    it(`apply to each of ${threads} thread(s)`, async () => {
      const load = {
        pools: [
          {
            gun: { type: 'http', target: '127.0.0.1:1' },
            ammo: { type: 'uri', uris: ['/as-written'] },
            result: { type: 'discard' },
            rps: { type: 'const', ops: 20, duration: '1h' },
            startup: { type: 'once', times: 4 },
          },
        ],
      };
      const before = target.stats().total;
      const { code, stderr } = await bench.run([
        ...['run', bench.write('load.json', JSON.stringify(load)), '--quiet', '--threads', String(threads)],
        ...['--target', `127.0.0.1:${target.port}`, '--duration', '500ms', '--rate-scale', '10'],
        ...['--set', `pools.0.ammo.uris=[/delay/${threads}]`],
      ]);
      assert.equal(code, 0, stderr);
      assert.equal(target.stats().total - before, 100);
      assert.equal(target.stats().paths[`/delay/${threads}`], 100);
    });
});
