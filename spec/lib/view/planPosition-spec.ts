import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compositePlan } from '../../../lib/plans/compositePlan.js';
import { constPlan } from '../../../lib/schedules/const.js';
import { linePlan } from '../../../lib/schedules/line.js';
import { oncePlan } from '../../../lib/schedules/once.js';
import { PlanPosition, stagesOf } from '../../../lib/view/planPosition.js';
import { type Command, command } from '../../../operators/ticks/command.js';

const plan = compositePlan([
  linePlan({ from: 0, to: 100, duration: 10e9 }),
  oncePlan({ times: 5 }),
  constPlan({ ops: 100, duration: 20e9 }),
]);

/** The moment of the plan and its rate, at a moment after commands. */
const after = (commands: readonly (readonly [at: number, Command])[], at: number): readonly [number, number | null] => {
  const position = new PlanPosition();
  position.start(0);
  for (const [when, sent] of commands) position.command(sent, when);
  return [position.planMsAt(at), position.rateAt(plan, at)];
};

describe('stagesOf', () => {
  it('has the parts with time and rates; a burst has no length', () =>
    assert.deepEqual(
      stagesOf(plan).map(({ fromMs, toMs, fromPerSecond, toPerSecond }) => [
        ...[fromMs, toMs, fromPerSecond, Math.round(toPerSecond)],
      ]),
      [
        [0, 10_000, 0, 100],
        [10_000, 30_000, 100, 100],
      ],
    ));
});

describe('PlanPosition', () => {
  const rows: readonly (readonly [string, readonly (readonly [number, Command])[], number, number, number])[] = [
    ['runs like real time', [], 5000, 5000, 50],
    ['has no rate after the end of the plan', [], 30_000, 30_000, 0],
    ['a pause stops it', [[5000, command.pause()]], 9000, 5000, 0],
    [
      'a second pause changes nothing',
      [
        [5000, command.pause()],
        [6000, command.pause()],
      ],
      9000,
      5000,
      0,
    ],
    [
      'goes on where it was',
      [
        [5000, command.pause()],
        [8000, command.resume()],
      ],
      9000,
      6000,
      60,
    ],
    ['a factor is a faster plan', [[2000, command.scaleBy(2)]], 4000, 6000, 120],
    [
      'factors multiply',
      [
        [0, command.scaleBy(2)],
        [1000, command.scaleBy(0.25)],
      ],
      3000,
      3000,
      15,
    ],
    ['a rate replaces that of the plan', [[5000, command.setRate(7)]], 6000, 6000, 7],
    [
      'a later factor scales it',
      [
        [0, command.scaleBy(2)],
        [1000, command.setRate(7)],
        [2000, command.scaleBy(3)],
      ],
      2000,
      4000,
      21,
    ],
    [
      'a stop ends it, also during a pause',
      [
        [5000, command.pause()],
        [6000, command.stop()],
      ],
      7000,
      6000,
      0,
    ],
  ];
  for (const [title, commands, at, planMs, rate] of rows)
    it(title, () => {
      const [reached, perSecond] = after(commands, at);
      assert.deepEqual([reached, Math.round((perSecond ?? Number.NaN) * 100) / 100], [planMs, rate]);
    });

  it('is at 0 before the start, also after commands', () => {
    const position = new PlanPosition();
    position.command(command.pause(), 500);
    assert.equal(position.planMsAt(1000), 0);
    position.start(1000);
    assert.equal(position.planMsAt(3000), 0);
    position.command(command.resume(), 3000);
    assert.equal(position.planMsAt(3500), 500);
  });

  it('without a plan only a rate command has a rate', () => {
    const position = new PlanPosition();
    position.start(0);
    assert.equal(position.rateAt(undefined, 1), null);
    position.command(command.setRate(9), 1);
    assert.equal(position.rateAt(undefined, 2), 9);
  });
});
