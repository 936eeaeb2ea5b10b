import assert from 'node:assert/strict';
import { PassThrough, Readable } from 'node:stream';
import { describe, it } from 'node:test';
import { isLeft } from 'fp-ts/lib/Either.js';
import { builtins } from '../../../lib/builtins/builtins.js';
import { scenarioGun } from '../../../lib/builtins/scenarioGun.js';
import { constantLatency } from '../../../lib/rehearsal/models/latencies.js';
import { rehearse } from '../../../lib/rehearsal/rehearse.js';
import { get, scenario } from '../../../lib/scenario/index.js';
import { FakeLog } from '../../../lib/testing/fakeDeps.js';
import { poolOf } from './poolOf.js';

async function warningsOf(gun: unknown): Promise<readonly string[]> {
  const log = new FakeLog();
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const deps = { log, stdin: Readable.from([]), stdout, stderr };
  const options = { registry: builtins(), env: {}, deps, writeResults: false, target: constantLatency(1) };
  const rehearsed = await rehearse({ pools: [poolOf({ id: 'shop', gun })] }, options)();
  if (isLeft(rehearsed)) assert.fail(rehearsed.left.message);
  return log.lines.filter(({ level }) => level === 'warn').map(({ message }) => message);
}

describe('a rehearsal', () => {
  it('warns about a gun that sends several requests per shot, which its model answers as one', async () => {
    const gun = scenarioGun({
      target: 'localhost:80',
      scenarios: [scenario('buy', (flow) => flow.pipe(get('a', '/a'), get('b', '/b')))],
    });
    const [warning = '', ...others] = await warningsOf(gun);
    assert.match(warning, /^pool "shop": one shot of the gun scenario sends several requests/);
    assert.deepEqual(others, []);
  });

  it('does not warn about a gun that sends one', async () => {
    assert.deepEqual(await warningsOf({ type: 'http', target: 'localhost:80' }), []);
  });
});
