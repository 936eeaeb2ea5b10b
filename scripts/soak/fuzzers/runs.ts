import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compositePlan } from '../../../lib/plans/compositePlan.js';
import { pausePlan } from '../../../lib/plans/shiftPlan.js';
import { constPlan } from '../../../lib/schedules/const.js';
import { linePlan } from '../../../lib/schedules/line.js';
import { oncePlan } from '../../../lib/schedules/once.js';
import type { OverflowPolicy } from '../../../operators/firing/overflow.js';
import { fuzzer } from '../fuzzer.js';
import { type Played, type PoolSetup, playPool } from './playPool.js';

const times = fc.integer({ min: 1, max: 40 });
const plans = fc.oneof(
  times.map((n) => oncePlan({ times: n })),
  fc.tuple(times, fc.integer({ min: 1, max: 3 })).map(([ops, s]) => constPlan({ ops, duration: s * 1e9 })),
  times.map((to) => linePlan({ from: 1, to, duration: 2e9 })),
  times.map((n) => compositePlan([oncePlan({ times: n }), pausePlan(1e9), oncePlan({ times: 3 })])),
);

const latency = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(0, 1, 30, 400, 2500) },
  { weight: 1, arbitrary: fc.constant(Number.POSITIVE_INFINITY) },
);

const setups: fc.Arbitrary<PoolSetup> = fc.record({
  plan: plans,
  instances: fc.integer({ min: 1, max: 4 }),
  overflow: fc.constantFrom<OverflowPolicy>(
    { policy: 'queue' },
    { policy: 'discard', afterMs: 100 },
    { policy: 'grow', maxInstances: 6 },
    { policy: 'abort', afterMs: 200 },
  ),
  latencies: fc.array(latency, { minLength: 1, maxLength: 5 }),
  ammo: fc.tuple(fc.nat(90), fc.constantFrom('end' as const, 'silence' as const, 'error' as const)),
  drains: fc.array(fc.tuple(fc.nat(2500), fc.constantFrom(0, 50, 5000)), { maxLength: 2 }),
  fails: fc.option(fc.tuple(fc.nat(100), fc.constantFrom('error' as const, 'throw' as const)), { nil: undefined }),
  share: fc.constantFrom({ index: 0, of: 1 }, { index: 0, of: 2 }, { index: 1, of: 2 }),
});

/** Every planned operation is counted once, and all are counted if nothing ended the run early. */
function countsAgree({ plan, drains, share, latencies }: PoolSetup, { window, error }: Played): void {
  assert.doesNotMatch(error, /are counted/);
  const { total, withoutAmmo, planned } = window;
  const all = Math.max(0, Math.ceil((plan.count - share.index) / share.of));
  const counted = total.ended + total.discarded + total.unfinished + withoutAmmo;
  assert.ok(counted <= all, `${counted} of ${all}`);
  // Only a run that was ended early has operations that were not due; one with an endless shot is ended long after its plan.
  if (drains.length > 0 || error !== '') return;
  assert.equal(counted, all);
  // All operations that were due before the end of the last window are counted.
  assert.ok(counted >= (planned ?? 0));
  if (!latencies.includes(Number.POSITIVE_INFINITY)) assert.equal(total.unfinished, 0);
}

/** The samples agree with the counts: one for each operation, with times in order. */
function samplesAgree({ ammo, share }: PoolSetup, { window, samples }: Played): void {
  const of = (outcome: string): number => samples.filter((sample) => sample.outcome === outcome).length;
  const { ended, discarded, unfinished } = window.total;
  assert.deepEqual([of('shot'), of('discarded'), of('unfinished')], [ended, discarded, unfinished]);
  assert.equal(new Set(samples.map(({ index }) => index)).size, samples.length, 'an operation has one sample');
  for (const sample of samples) {
    assert.equal(sample.index % share.of, share.index);
    assert.ok(sample.ended >= sample.started && sample.slotWait >= 0, JSON.stringify(sample));
    if (sample.outcome !== 'shot') continue;
    const lateness = sample.started - sample.intended - sample.slotWait;
    assert.ok(lateness > -1e-3, `started ${lateness} ms after its ideal start`);
    // Virtual time has no delays of its own; an operation may wait for pushed ammo.
    if (ammo[1] === 'end') assert.ok(lateness < 1e-3, `late by ${lateness} ms`);
  }
}

/** Pools in virtual time, with random latencies, failures and drains. */
export const runsInVirtualTime = fuzzer({
  name: 'runs',
  holds: 'every planned operation is counted once and has one sample, and every gun is closed once, however a run ends',
  runs: 400,
  input: setups,
  check: (setup) => {
    const played = playPool(setup);
    assert.ok(played.ended, 'the run ends');
    countsAgree(setup, played);
    samplesAgree(setup, played);
    assert.ok(played.mostAtOnce <= 1, `${played.mostAtOnce} shots of one gun at the same time`);
    assert.deepEqual(
      played.closed,
      played.closed.map(() => 1),
      'each gun is closed once',
    );
  },
});
