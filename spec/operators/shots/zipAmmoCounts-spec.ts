import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NEVER, Subject } from 'rxjs';
import { DONE, PENDING } from '../../../lib/core/cursor.js';
import type { Tick } from '../../../lib/core/plan.js';
import { constPlan } from '../../../lib/schedules/const.js';
import { unlimitedPlan } from '../../../lib/schedules/unlimited.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import { FiringMeter } from '../../../operators/firing/meter.js';
import { zipAmmo } from '../../../operators/shots/zipAmmo.js';
import { ticks } from '../../../operators/ticks/ticks.js';

/** At 0, 100, ... 900 ms. */
const TEN = constPlan({ ops: 10, duration: 1e9 });

/** Zips with a meter, and returns what the meter counted in the end. */
function counted(
  plan: typeof TEN,
  ammo: Iterable<string> | Subject<string> | typeof NEVER,
  { polls = 0, clock = new VirtualClock(), stoppedAt = Number.POSITIVE_INFINITY, closeAt = 0 } = {},
) {
  const meter = new FiringMeter();
  const cursor = zipAmmo<string>(ammo, { meter })(ticks(plan)).open(clock);
  const seen = Array.from({ length: polls }, () => cursor.poll());
  clock.advance(closeAt);
  meter.stoppedAt = stoppedAt;
  cursor.close();
  // A second time counts nothing.
  cursor.close();
  const { withoutAmmo, notDue, accounted } = meter;
  return { seen, counts: { withoutAmmo, notDue, accounted } };
}

describe('zipAmmo with a meter, closed', () => {
  it('counts all operations that are left when the ammo has ended', () => {
    const { seen, counts } = counted(TEN, 'abc', { polls: 4 });
    assert.equal(seen.at(-1), DONE);
    assert.deepEqual(counts, { withoutAmmo: 7, notDue: 0, accounted: true });
  });

  it('counts none of an unlimited plan, whose number is not known', () => {
    const { counts } = counted(unlimitedPlan({ duration: 1e9 }), 'abc', { polls: 4 });
    assert.deepEqual(counts, { withoutAmmo: 0, notDue: 0, accounted: true });
  });

  it('counts those due before the stop as without ammo, and the others as not due', () => {
    const { seen, counts } = counted(TEN, NEVER, { polls: 1, closeAt: 450, stoppedAt: 450 });
    assert.deepEqual(seen, [PENDING]);
    assert.deepEqual(counts, { withoutAmmo: 5, notDue: 5, accounted: true });
  });

  it('does not count an operation that is due at the very moment of the stop', () => {
    const { counts } = counted(TEN, NEVER, { polls: 1, closeAt: 400, stoppedAt: 400 });
    assert.deepEqual(counts, { withoutAmmo: 4, notDue: 6, accounted: true });
  });

  it('counts the time of ticks from the first poll of ammo, not from a later one', () => {
    const clock = new VirtualClock();
    const meter = new FiringMeter();
    const cursor = zipAmmo<string>(NEVER, { meter })(ticks(TEN)).open(clock);
    clock.advance(200);
    cursor.poll();
    clock.advance(100);
    cursor.poll();
    clock.advance(150);
    meter.stoppedAt = clock.now();
    cursor.close();
    assert.deepEqual([meter.withoutAmmo, meter.notDue], [3, 7]);
  });

  it('counts from the start of the ticks once one was drawn, whatever was awaited before', () => {
    const clock = new VirtualClock();
    const meter = new FiringMeter();
    const ammo = new Subject<string>();
    const cursor = zipAmmo<string>(ammo, { meter })(ticks(TEN)).open(clock);
    cursor.poll();
    clock.advance(1000);
    ammo.next('a');
    cursor.poll();
    cursor.poll();
    clock.advance(150);
    meter.stoppedAt = clock.now();
    cursor.close();
    // The ticks began at 1000: the first was shot, and the one at 1100 was due.
    assert.deepEqual([meter.withoutAmmo, meter.notDue], [1, 8]);
  });

  it('counts no operations on demand that were never asked for', () => {
    const { counts } = counted(unlimitedPlan({ duration: 1e9 }), NEVER, { polls: 1, closeAt: 100, stoppedAt: 100 });
    assert.deepEqual(counts, { withoutAmmo: 0, notDue: 0, accounted: true });
  });

  it('cannot account for pushed ticks: more of them might have come', () => {
    const meter = new FiringMeter();
    const pushed = new Subject<Tick>();
    const cursor = zipAmmo<string>(NEVER, { meter })(pushed).open(new VirtualClock());
    cursor.poll();
    for (const index of [0, 1, 2]) pushed.next({ index, at: 0 });
    meter.stoppedAt = 10;
    cursor.close();
    assert.deepEqual([meter.withoutAmmo, meter.accounted], [3, false]);
  });

  it('counts nothing without a meter, and closes the ammo', () => {
    const ammo = new Subject<string>();
    const cursor = zipAmmo<string>(ammo)(ticks(TEN)).open(new VirtualClock());
    cursor.poll();
    cursor.close();
    assert.equal(ammo.observed, false);
  });
});
