import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isLeft } from 'fp-ts/lib/Either.js';
import { builtins } from '../../../lib/builtins/builtins.js';
import { type WorkersPlan, workersPlan, workersText } from '../../../lib/cli/workersText.js';
import type { Config } from '../../../lib/config/config.js';
import { targetFromText } from '../../../lib/rehearsal/models/targetFromText.js';
import { rehearse } from '../../../lib/rehearsal/rehearse.js';
import { fakeDeps } from '../../../lib/testing/fakeDeps.js';

async function planned(
  pool: object,
  { workers, threads = 1, ...more }: { readonly workers: number; readonly threads?: number; readonly mesh?: object },
): Promise<WorkersPlan> {
  const base = { id: 'p', gun: { type: 'http', target: '10.0.0.1:80' }, ammo: { type: 'uri', uris: ['/'] } };
  let config: Config | undefined;
  const rehearsed = await rehearse(
    { pools: [{ ...base, result: { type: 'discard' }, ...pool }], ...more },
    {
      ...{ registry: builtins(), env: {}, deps: fakeDeps(), writeResults: false, shares: workers * threads },
      target: await targetFromText('constant(100ms)', 'target'),
      onConfig: (checked) => {
        config = checked;
        return checked;
      },
    },
  )();
  if (isLeft(rehearsed) || config === undefined) return assert.fail('it is rehearsed');
  return workersPlan(config, rehearsed.right.pools, { workers, threads, deps: fakeDeps() });
}

const POOL = { rps: { type: 'const', ops: 40, duration: '10s' }, startup: { type: 'once', times: 40 } };

describe('a rehearsal for several workers', () => {
  it('says that the shares suffice, what each has, and how the loss of one would look', async () => {
    const plan = await planned(POOL, { workers: 4 });
    assert.deepEqual(plan, {
      ...{ workers: 4, threads: 1, usable: 4, gapMs: 12_000, issues: [] },
      pools: [
        {
          ...{ pool: 'p', instances: 40, peakPerSecond: 10, sharesThatWait: 0, instancesForNoWait: 4 },
          ...{ lostContinue: 100, lostResplit: 100 },
        },
      ],
    });
    assert.equal(
      workersText(plan),
      `
4 workers: 4 shares: every share has an instance of every pool

  p
    a worker   at most 10.0/s, up to 10 instances
    shares     no operation waits for an instance of its share
    one lost   continue: up to 100 operations are missing; resplit: up to 100, those of 12 s, and the others have 13.3/s each
  limits     a worker with the limits of this machine has room
`,
    );
  });

  it('counts the operations under way by share: a share does not use the instances of others', async () => {
    // Four operations are under way at once. In 3 shares that are up to two in each, and one of the five instances is missing.
    const startup = { type: 'once', times: 5 };
    const plan = await planned({ ...POOL, startup }, { workers: 3 });
    assert.deepEqual([plan.usable, plan.pools[0]?.sharesThatWait, plan.pools[0]?.instancesForNoWait], [3, 1, 6]);
    assert.match(
      workersText(plan),
      /operations of 1 of 3 shares wait: a share uses only its own instances\. 6 instances are enough/,
    );
    const enough = await planned({ ...POOL, startup: { type: 'once', times: 6 } }, { workers: 3 });
    assert.equal(enough.pools[0]?.sharesThatWait, 0);
  });

  it('says how many workers can be used when there are fewer instances than shares', async () => {
    const plan = await planned(POOL, { workers: 30, threads: 2 });
    assert.equal(plan.usable, 20);
    assert.match(workersText(plan), /30 workers with 2 threads each: only 20 can be used/);
  });

  it('takes the lease of the config for the gap', async () => {
    const plan = await planned(POOL, { workers: 4, mesh: { lease: '1s' } });
    assert.deepEqual([plan.gapMs, plan.pools[0]?.lostResplit], [4000, 40]);
  });
});
