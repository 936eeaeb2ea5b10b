import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { from, lastValueFrom, map, toArray } from 'rxjs';
import type { Shot } from '../../../lib/core/shot.js';
import type { NetSample } from '../../../lib/protocols/netSample.js';
import { modelGuns } from '../../../lib/rehearsal/modelGuns.js';
import { failureScript } from '../../../lib/rehearsal/models/failureScript.js';
import { constantLatency } from '../../../lib/rehearsal/models/latencies.js';
import { queueModel } from '../../../lib/rehearsal/models/queueModel.js';
import type { TargetModel } from '../../../lib/rehearsal/models/targetModel.js';
import { constPlan } from '../../../lib/schedules/const.js';
import { marbles } from '../../../lib/testing/marbles.js';
import { realTimeScheduler } from '../../../lib/time/realTime.js';
import { seededRandom } from '../../../lib/time/seededRandom.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import { shoot } from '../../../operators/shots/shoot.js';
import { zipAmmo } from '../../../operators/shots/zipAmmo.js';
import { ticks } from '../../../operators/ticks/ticks.js';

const random = seededRandom(1);
const shotOf = (at: number): Shot<unknown> => ({ index: 0, at, ammo: {}, instance: 0, started: at, slotWait: 0 });
const told = ({ protoCode, netCode, errorName, tag, id, ended, started }: NetSample): string =>
  `${tag}#${id} ${errorName || protoCode} ${netCode} after ${+(ended - started).toFixed(3)}`;

describe('modelGuns', () => {
  it(
    'replaces any other gun, on the scheduler that is passed in',
    marbles(({ cold, expectObservable, scheduler }) => {
      const shots = cold('a--b|').pipe(
        map((letter, index) => ({ ...shotOf(scheduler.now()), index, ammo: { tag: letter } })),
      );
      const guns = modelGuns(constantLatency(4), { scheduler, random });
      expectObservable(
        shots.pipe(
          shoot(guns, { instances: 2, scheduler }),
          map(({ tag }) => tag),
        ),
      ).toBe('----a--(b|)');
    }),
  );

  it('works in real time too', async () => {
    const guns = modelGuns(constantLatency(2), { scheduler: realTimeScheduler, random });
    const samples = ticks(constPlan({ ops: 500, duration: 20e6 })).pipe(
      zipAmmo(from([1, 2, 3, 4, 5].map((id) => ({ id, tag: 'real' })))),
      shoot(guns, { instances: 1 }),
      map(({ protoCode, tag, id, ended, started }) => [protoCode, tag, id, ended - started >= 2]),
      toArray(),
    );
    assert.deepEqual(
      await lastValueFrom(samples),
      [1, 2, 3, 4, 5].map((id) => [200, 'real', id, true]),
    );
  });

  const SAMPLES: readonly [sentence: string, model: TargetModel, sample: string][] = [
    ['a response', constantLatency(20), 't#7 200 0 after 20'],
    ['a failure', failureScript('reset'), 't#7 connection reset 104 after 1'],
    ['a refusal', failureScript('refuse'), 't#7 connection refused 111 after 0.1'],
    ['a stall without end is a timeout', failureScript('stall'), 't#7 timeout 110 after 50'],
    ['a response that takes no time takes a microsecond', constantLatency(0), 't#7 200 0 after 0.001'],
    [
      'a rule that gives no number is a timeout',
      { name: 'nan', start: () => (response) => void Object.assign(response, { afterMs: Number.NaN }) },
      't#7 timeout 110 after 50',
    ],
  ];
  for (const [sentence, model, sample] of SAMPLES) {
    it(`${sentence}: ${sample}`, () => {
      const clock = new VirtualClock(1000);
      const guns = modelGuns(model, { scheduler: clock, random, timeoutMs: 50 });
      const seen: string[] = [];
      from(guns.create({ instance: 0 }).shoot({ tag: 't', id: 7 }, shotOf(1000))).subscribe((s) => seen.push(told(s)));
      clock.run();
      assert.deepEqual(seen, [sample]);
    });
  }

  it('an aborted shot gives no sample, and the gun can shoot again', () => {
    const clock = new VirtualClock(1000);
    const gun = modelGuns(constantLatency(10), { scheduler: clock, random }).create({ instance: 0 });
    const seen: string[] = [];
    for (const abort of [true, true, true, false]) {
      const shot = from(gun.shoot({ tag: 't' }, shotOf(clock.now()))).subscribe((s) => seen.push(told(s)));
      clock.advance(5);
      if (abort) shot.unsubscribe();
    }
    clock.run();
    assert.deepEqual(seen, ['t#0 200 0 after 10']);
  });

  it('all guns of one factory have the same target, and those of another factory another target', () => {
    const clock = new VirtualClock(1000);
    const queue = queueModel({ servers: 1, service: 10 });
    const [one, other] = [1, 2].map(() => modelGuns(queue, { scheduler: clock, random }));
    const ends: number[] = [];
    for (const guns of [one, one, other]) {
      const gun = guns?.create({ instance: 0 });
      if (gun !== undefined) from(gun.shoot({}, shotOf(1000))).subscribe(({ ended }) => ends.push(ended - 1000));
    }
    clock.run();
    assert.deepEqual(ends.sort(), [10, 10, 20]);
  });
});
