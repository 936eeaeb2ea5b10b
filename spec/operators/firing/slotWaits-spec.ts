import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NEVER } from 'rxjs';
import { NEVER_BLOCKED } from '../../../lib/core/eventLoop.js';
import type { Shot } from '../../../lib/core/shot.js';
import type { EpochMs } from '../../../lib/core/units.js';
import { InstancePool } from '../../../operators/firing/instancePool.js';
import { FiringMeter } from '../../../operators/firing/meter.js';

const shotAt = (at: EpochMs): Shot<string> => ({ index: 0, at, ammo: 'a', instance: -1, started: 0, slotWait: 0 });

/** A pool of one instance that is free from a moment on. */
function onePool(free: EpochMs): InstancePool<string, string> {
  const fails = (error: unknown): never => {
    throw error;
  };
  const pool = new InstancePool<string, string>(
    { create: () => ({ shoot: () => NEVER }) },
    { ended: () => undefined, failed: fails },
    { next: () => undefined, error: fails, complete: () => undefined },
    {},
    new FiringMeter(),
    NEVER_BLOCKED,
  );
  pool.add(free);
  return pool;
}

describe('the slot wait of an operation that is not shot', () => {
  const whileFree: readonly [sentence: string, free: EpochMs, at: EpochMs, now: EpochMs, waits: number][] = [
    ['an instance was free before its moment', 0, 10, 30, 0],
    ['an instance was free some time after its moment', 25, 10, 30, 15],
    ['an instance will be free later: it has waited until now', 99, 10, 30, 20],
  ];
  for (const [sentence, free, at, now, waits] of whileFree)
    it(`${sentence}: ${waits} ms`, () => assert.equal(onePool(free).slotWaitOf(shotAt(at), now), waits));

  const whileBusy: readonly [sentence: string, started: EpochMs, at: EpochMs, now: EpochMs, waits: number][] = [
    ['the last shot was on time, so it waits for the target', 10, 20, 50, 30],
    ['the last shot was late by 20 ms, and so are the busy instances', 30, 20, 50, 10],
    ['all of its wait is as long as the last shot was late', 40, 20, 50, 0],
    ['the last shot was later than it has waited', 60, 20, 70, 0],
  ];
  for (const [sentence, started, at, now, waits] of whileBusy)
    it(`no instance is free; ${sentence}: ${waits} ms`, () => {
      const pool = onePool(0);
      pool.take(shotAt(10), started);
      assert.equal(pool.free, 0);
      assert.equal(pool.slotWaitOf(shotAt(at), now), waits);
    });

  it('no instance is free; the last shot was on demand, and late by its wait for the free instance', () => {
    const pool = onePool(30);
    pool.take({ ...shotAt(0), demand: { from: 0 } }, 40);
    assert.equal(pool.slotWaitOf(shotAt(20), 50), 20);
  });
});
