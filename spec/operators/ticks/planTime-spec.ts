import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PlanTime } from '../../../operators/ticks/controlCursor.js';

describe('PlanTime', () => {
  it('is real time, to the last bit, until something changes it', () => {
    const time = new PlanTime();
    for (const moment of [0, 0.1, 1.7e12 + 0.123]) {
      assert.equal(time.planAt(moment), moment);
      assert.equal(time.realAt(moment), moment);
    }
    assert.deepEqual([time.paused, time.speed], [false, 1]);
  });

  it('stands still in a pause and goes on where it stood; a second pause or resume is none', () => {
    const time = new PlanTime();
    time.resume(50);
    time.pause(100);
    time.pause(150);
    assert.deepEqual([time.paused, time.planAt(200)], [true, 100]);
    time.resume(300);
    time.resume(400);
    assert.deepEqual([time.paused, time.planAt(300), time.planAt(350)], [false, 100, 150]);
    assert.deepEqual(
      [80, 100, 120].map((plan) => time.realAt(plan)),
      [280, 300, 320],
      'what was due before it is shifted',
    );
  });

  it('runs at a speed from a moment on; what was before keeps its real moment', () => {
    const time = new PlanTime();
    time.scale(100, 2);
    time.scale(200, 0.25);
    assert.equal(time.speed, 0.5);
    assert.deepEqual([time.planAt(200), time.planAt(300)], [300, 350]);
    assert.deepEqual(
      [50, 100, 200, 300, 350].map((plan) => time.realAt(plan)),
      [50, 100, 150, 200, 300],
    );
  });

  it('changes its speed in a pause from the end of the pause on', () => {
    const time = new PlanTime();
    time.pause(100);
    time.scale(150, 4);
    time.scale(160, 0.5);
    assert.equal(time.planAt(170), 100);
    time.resume(200);
    assert.deepEqual([time.planAt(210), time.realAt(120), time.realAt(90)], [120, 210, 190]);
  });

  it('forgets what nobody asks for any more, and nothing else', () => {
    const time = new PlanTime();
    for (let i = 1; i <= 1000; i++) time.scale(i * 10, i % 2 === 0 ? 0.5 : 2);
    const moments = [time.planAt(10_000) - 30, time.planAt(10_000) + 30];
    const before = moments.map((plan) => time.realAt(plan));
    time.forgetBefore(moments[0] as number);
    assert.deepEqual(
      moments.map((plan) => time.realAt(plan)),
      before,
    );
  });
});
