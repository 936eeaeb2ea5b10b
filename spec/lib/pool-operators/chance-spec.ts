import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isLeft } from 'fp-ts/lib/Either.js';
import type { Observable } from 'rxjs';
import { builtins } from '../../../lib/builtins/builtins.js';
import { assemblePools } from '../../../lib/config/assemblePools.js';
import { decodeConfig } from '../../../lib/config/decodeConfig.js';
import type { Tick } from '../../../lib/core/plan.js';
import { throughOperators } from '../../../lib/engine/throughOperators.js';
import { fakeDeps } from '../../../lib/testing/fakeDeps.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';

const once = { type: 'once', times: 1 };
const decode = (operator: unknown, rps: unknown = { type: 'const', ops: 100, duration: '1s' }) =>
  decodeConfig(
    {
      pools: [
        {
          gun: { type: 'http', target: 'h:1' },
          ammo: { type: 'uri', uris: ['/'] },
          result: { type: 'discard' },
          rps,
          startup: once,
          operators: { ticks: [operator] },
        },
      ],
    },
    builtins(),
  );

/** The ticks of a pool with one operator, as thread `index` of `of` plays them. */
function played(operator: unknown, { index = 0, of = 1 } = {}): readonly Tick[] {
  const decoded = decode(operator);
  if (isLeft(decoded)) assert.fail(JSON.stringify(decoded.left));
  const clock = new VirtualClock();
  const [pool] = assemblePools(decoded.right.pools, { ...fakeDeps(), scheduler: clock, share: { index, of } });
  assert.ok(pool);
  const seen: Tick[] = [];
  const ticks: Observable<Tick> = throughOperators(pool.rps(), 'ticks', pool.operators?.ticks);
  ticks.subscribe((tick) => seen.push(tick));
  clock.run();
  return seen;
}

describe('jitter and poisson in a config', () => {
  for (const operator of [{ type: 'jitter', amount: '5ms' }, { type: 'poisson' }]) {
    it(`${operator.type}: keeps the number and the order, and moves operations by the seed`, () => {
      const ticks = played(operator);
      assert.deepEqual(
        ticks.map(({ index }) => index),
        Array.from({ length: 100 }, (_, i) => i),
      );
      assert.ok(ticks.every(({ at }, i) => i === 0 || at >= (ticks[i - 1] as Tick).at));
      assert.ok(ticks.some(({ at, index }) => Math.abs(at - index * 10) > 1));
      assert.deepEqual(played(operator), ticks, 'the same seed');
      assert.notDeepEqual(played({ ...operator, seed: 2 }), ticks, 'another seed');
    });

    it(`${operator.type}: the union of the shares of threads is the run of one thread`, () => {
      const shares = [0, 1, 2].flatMap((index) => played(operator, { index, of: 3 }));
      assert.deepEqual(
        shares.sort((a, b) => a.index - b.index),
        played(operator),
      );
    });
  }

  it('jitter moves no operation further than the amount', () => {
    const ticks = played({ type: 'jitter', amount: '2ms' });
    assert.ok(ticks.every(({ at, index }) => Math.abs(at - index * 10) <= 2.001));
    assert.ok(played({ type: 'jitter', amount: 0 }).every(({ at, index }) => Math.abs(at - index * 10) < 0.001));
  });

  it('refuse wrong options', () => {
    for (const [operator, key] of [
      [{ type: 'jitter' }, 'amount'],
      [{ type: 'jitter', amount: '-5ms' }, 'amount'],
      [{ type: 'poisson', seed: 'x' }, 'seed'],
    ] as const) {
      const decoded = decode(operator);
      assert.ok(isLeft(decoded));
      assert.equal(decoded.left[0]?.context.at(-1)?.key, key);
    }
  });
});
