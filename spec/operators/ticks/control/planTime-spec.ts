import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PlanTime, SteadyRate } from '../../../../operators/ticks/control/planTime.js';

describe('PlanTime', () => {
  it('is real time, to the last bit, until something changes it', () => {
    const time = new PlanTime();
    for (const moment of [0, 0.1, 1.7e12 + 0.123]) {
      assert.equal(time.planAt(moment), moment);
      assert.equal(time.realAt(moment), moment);
    }
    assert.deepEqual([time.paused, time.speed], [false, 1]);
  });

  it('stops in a pause and continues from there; a second pause or resume does nothing', () => {
    const paused = new PlanTime().resume(50).pause(100).pause(150);
    assert.deepEqual([paused.paused, paused.planAt(200)], [true, 100]);
    const time = paused.resume(300).resume(400);
    assert.deepEqual([time.paused, time.planAt(300), time.planAt(350)], [false, 100, 150]);
    assert.deepEqual(
      [80, 100, 120].map((plan) => time.realAt(plan)),
      [280, 300, 320],
      'what was due before it is shifted',
    );
  });

  it('is a value: a change does not modify it', () => {
    const before = new PlanTime().scale(100, 2);
    before.pause(150).resume(250).scale(300, 3).from(1000);
    assert.deepEqual([before.paused, before.speed, before.planAt(200), before.realAt(120)], [false, 2, 300, 110]);
  });

  it('runs at a speed from a moment on; earlier moments keep their real moments', () => {
    const time = new PlanTime().scale(100, 2).scale(200, 0.25);
    assert.equal(time.speed, 0.5);
    assert.deepEqual([time.planAt(200), time.planAt(300)], [300, 350]);
    assert.deepEqual(
      [50, 100, 200, 300, 350].map((plan) => time.realAt(plan)),
      [50, 100, 150, 200, 300],
    );
  });

  it('changes its speed in a pause from the end of the pause on', () => {
    const paused = new PlanTime().pause(100).scale(150, 4).scale(160, 0.5);
    assert.equal(paused.planAt(170), 100);
    const time = paused.resume(200);
    assert.deepEqual([time.planAt(210), time.realAt(120), time.realAt(90)], [120, 210, 190]);
  });

  it('drops entries that are not needed any more, and no others', () => {
    let time = new PlanTime();
    for (let i = 1; i <= 1000; i++) time = time.scale(i * 10, i % 2 === 0 ? 0.5 : 2);
    const moments = [time.planAt(10_000) - 30, time.planAt(10_000) + 30];
    const later = time.from(moments[0] as number);
    for (const plan of moments) assert.equal(later.realAt(plan), time.realAt(plan));
    assert.notEqual(later.realAt(20), time.realAt(20), 'it is forgotten');
    assert.equal(later.from(moments[0] as number), later, 'nothing more to forget');
  });
});

describe('SteadyRate', () => {
  it('computes each moment from its number', () => {
    const rate = new SteadyRate(1000, 0.1, 0.5);
    for (let i = 0; i < 1_000_000; i++) rate.advance();
    assert.equal(rate.next, 1000 + 1_000_000.5 * 0.1);
  });

  it('returns how much of a distance is left', () => {
    const rate = new SteadyRate(1000, 40, 0.25);
    assert.deepEqual([rate.next, rate.left(1000), rate.left(1010)], [1010, 0.25, 0]);
    rate.advance();
    assert.deepEqual([rate.next, rate.left(1020)], [1050, 0.75]);
  });

  it('has no moment when the distance is infinite, and keeps the rest of the distance before', () => {
    const rate = new SteadyRate(1000, Number.POSITIVE_INFINITY, 0);
    assert.deepEqual([rate.next, rate.left(5000)], [Number.POSITIVE_INFINITY, 0]);
    assert.equal(new SteadyRate(1000, Number.POSITIVE_INFINITY, 0.3).left(1e9), 0.3);
  });
});
