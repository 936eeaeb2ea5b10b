import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { filter, from, map, take, toArray } from 'rxjs';
import { DONE } from '../../../lib/core/cursor.js';
import { defined } from '../../../lib/core/defined.js';
import type { Share } from '../../../lib/core/deps.js';
import { openCursor } from '../../../lib/pull/openCursor.js';
import { type Scenario, scenario } from '../../../lib/scenario/scenario.js';
import {
  isScenarioAmmo,
  type ScenarioAmmo,
  scenarioAmmo,
  type WeightedScenario,
} from '../../../lib/scenario/scenarioAmmo.js';
import { scenarioGuns } from '../../../lib/scenario/scenarioGun.js';
import { get } from '../../../lib/scenario/steps/request.js';
import { pause } from '../../../lib/scenario/steps/waits.js';
import { scriptedTransport } from '../../../lib/testing/scenario/scriptedTransport.js';
import { seededRandom } from '../../../lib/time/seededRandom.js';
import { VirtualClock } from '../../../lib/time/virtualClock.js';
import { mixAmmo } from '../../../operators/shots/mixAmmo.js';

const named = (name: string): Scenario => scenario(name, get('a', '/'));
const weights = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 });
const mixOf = (list: readonly number[]): WeightedScenario[] =>
  list.map((weight, i) => ({ weight, scenario: named(`s${i}`) }));
/** The first ammo of a share. */
const drawn = (mix: readonly WeightedScenario[], times: number, share?: Share, limit = 0): ScenarioAmmo[] => {
  const all: ScenarioAmmo[] = [];
  scenarioAmmo(mix, { limit, scheduler: new VirtualClock(), ...defined({ share }) })
    .pipe(take(times), toArray())
    .subscribe((list) => all.push(...list));
  return all;
};

describe('scenarioAmmo', () => {
  it('is the scenario to play, numbered from 1, tagged by its name', () => {
    const browse = named('browse');
    const [first, second] = drawn([{ scenario: browse }], 2);
    assert.deepEqual(first, { protocol: 'scenario', id: 1, tag: 'browse', scenario: browse });
    assert.equal(second?.id, 2);
    assert.deepEqual(
      [isScenarioAmmo(first), isScenarioAmmo({ ...first, scenario: {} }), isScenarioAmmo(1)],
      [true, false, false],
    );
  });

  it('shares of a mix are exact at every moment: each scenario is within 1 of its share', () => {
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 60 }), (list, times) => {
        const total = list.reduce((sum, weight) => sum + weight, 0);
        const tags = drawn(mixOf(list), times).map(({ tag }) => tag);
        for (const [i, weight] of list.entries()) {
          const count = tags.filter((tag) => tag === `s${i}`).length;
          assert.ok(Math.abs(count - (times * weight) / total) < 1, `${count} of ${times}`);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('the shares of all threads together are the ammo of one, by global index', () => {
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 8 }), (list, of) => {
        const mix = mixOf(list);
        const whole = drawn(mix, 6 * of);
        for (let index = 0; index < of; index++)
          assert.deepEqual(
            drawn(mix, 6, { index, of }),
            whole.filter((_, i) => i % of === index),
          );
      }),
      { numRuns: 60 },
    );
  });

  it('ends at its limit, which is that of the whole run', () => {
    const mix = mixOf([2, 1]);
    assert.equal(drawn(mix, 100, undefined, 7).length, 7);
    assert.deepEqual(
      [0, 1, 2].map((index) => drawn(mix, 100, { index, of: 3 }, 7).map(({ id }) => id)),
      [
        [1, 4, 7],
        [2, 5],
        [3, 6],
      ],
    );
    const cursor = openCursor(scenarioAmmo(mix, { limit: 2 }), new VirtualClock(), {}, 'ammo');
    const first = cursor.poll() as ScenarioAmmo;
    assert.equal(cursor.left(), 1);
    cursor.giveBack(first);
    assert.equal(cursor.left(), 2);
    assert.equal(cursor.poll(), first);
    cursor.poll();
    assert.equal(cursor.poll(), DONE);
  });

  it('is mixed with other scenarios by mixAmmo', () => {
    const tags: string[] = [];
    mixAmmo([
      { weight: 2, ammo: scenarioAmmo([{ scenario: named('a') }]) },
      { weight: 1, ammo: scenarioAmmo([{ scenario: named('b') }]) },
    ])
      .pipe(
        take(6),
        map(({ tag }) => tag),
      )
      .subscribe((tag) => tags.push(tag));
    assert.deepEqual([...tags].sort(), ['a', 'a', 'a', 'a', 'b', 'b']);
  });

  it('threads change no random value: each start has the pauses of its global index', () => {
    const walk = scenario('walk', (flow) => flow.pipe(pause(1000, { jitter: 1 }), get('a', '/a')));
    /** The times at which the starts of a share send their request; all start at 0. */
    const sentBy = (share: Share, starts: number): number[] => {
      const clock = new VirtualClock();
      const transports = scriptedTransport({ 'GET *': 'r' }, {}, clock);
      const guns = scenarioGuns({ transports, deps: { scheduler: clock, random: seededRandom(7), share } });
      const samples: [index: number, started: number][] = [];
      for (const ammo of drawn([{ scenario: walk }], starts, share)) {
        const shot = { index: ammo.id - 1, at: 0, ammo, instance: 0, started: 0, slotWait: 0 };
        from(guns.create({ instance: 0 }).shoot(ammo, shot))
          .pipe(filter(({ tag }) => tag === 'walk/a'))
          .subscribe(({ index, started }) => samples.push([index, started]));
      }
      clock.run();
      return samples.sort(([a], [b]) => a - b).map(([, started]) => started);
    };
    const whole = sentBy({ index: 0, of: 1 }, 12);
    assert.equal(new Set(whole).size, 12);
    for (const of of [2, 3, 4])
      for (let index = 0; index < of; index++)
        assert.deepEqual(
          sentBy({ index, of }, 12 / of),
          whole.filter((_, i) => i % of === index),
        );
  });

  const refusals: readonly (readonly [sentence: string, mix: readonly WeightedScenario[], said: RegExp])[] = [
    ['no scenarios', [], /there are no scenarios to play/],
    ['a weight of 0', [{ scenario: named('one'), weight: 0 }], /scenario "one" has weight 0/],
    ['a weight that is no number', [{ scenario: named('one'), weight: Number.NaN }], /scenario "one" has weight NaN/],
    ['two of one name', [{ scenario: named('one') }, { scenario: named('one') }], /two scenarios are named "one"/],
  ];
  for (const [sentence, mix, said] of refusals) {
    it(`refuses ${sentence}`, () => assert.throws(() => scenarioAmmo(mix), said));
  }
});
